import type { EntityTarget, ObjectLiteral } from 'typeorm'
import type { Db } from './database.js'

/** The columns of an entity in a statement written by hand, as `entityOf` reads them: `alias.column as "alias_column"`. */
export function columnsOf<Row extends ObjectLiteral>(db: Db, entity: EntityTarget<Row>, alias: string): string {
  return namesOf(db, entity)
    .map((name) => `${alias}.${name} as "${alias}_${name}"`)
    .join(', ')
}

/** The entity in a row of such columns. */
export function entityOf<Row extends ObjectLiteral>(
  db: Db,
  entity: EntityTarget<Row>,
  alias: string,
  row: Readonly<Record<string, unknown>>,
): Row {
  const { driver } = db.connection
  const made = db.create(entity)
  for (const column of db.connection.getMetadata(entity).columns) {
    column.setEntityValue(made, driver.prepareHydratedValue(row[`${alias}_${column.databaseName}`], column))
  }
  return made
}

function namesOf<Row extends ObjectLiteral>(db: Db, entity: EntityTarget<Row>): string[] {
  return [...new Set(db.connection.getMetadata(entity).columns.map(({ databaseName }) => databaseName))]
}
