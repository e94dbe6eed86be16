export { type ConnectorDoorParts, openConnectorDoor } from './open-door.js'
export { start } from './start.js'
