export type { Door } from './door.js'
export { Health, type HealthState, type PartState } from './health.js'
export { openRooms, provideFrom, RoomsModule } from './rooms.module.js'
export { roomsEntities, roomsMigrations } from './schema.js'
