import { postgresPlace } from './places.js'
import { vanishPromises } from './vanish.js'

vanishPromises('postgres', postgresPlace)
