import { z } from 'zod'
import { leaked } from './admin-knock.js'
import type { Tally } from './tally.js'
import { secretsOf, type TenantWorld } from './tenant-world.js'

const told = z.object({ pages: z.array(z.string()) })

/** The pages for the operator's own network, of which the door itself knows the list: none tells anything of a tenant. */
export async function walkMonitoring(url: string, tally: Tally, worlds: readonly TenantWorld[]): Promise<void> {
  const unknown = await fetch(`${url}/nothing`)
  const { pages } = told.parse(await unknown.json())
  if (unknown.status === 404) tally.refused('monitoring', 'any other page')
  else tally.hole('monitoring', 'any other page', `status ${unknown.status}`)
  for (const page of pages) {
    const response = await fetch(`${url}${page}`)
    const text = await response.text()
    const marks = worlds.flatMap((world) => [...secretsOf(world), world.name, world.tenant.id])
    const shown = leaked({ text }, page, marks)
    if (response.ok && shown.length === 0) tally.answered('monitoring', page)
    else tally.hole('monitoring', page, `${response.status}, shows ${shown}`)
  }
}
