import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { SystemClock } from '@kivuko/platform'
import { Bank } from './bank.js'
import { bankSettingsShape } from './settings.js'

const [, , settingsFile] = process.argv
if (settingsFile === undefined) throw new Error('usage: node bank/main.js <settings file>')
const settings = bankSettingsShape.parse(JSON.parse(await readFile(settingsFile, 'utf8')))
const bank = new Bank(settings, new SystemClock())
await bank.listen()
process.once('SIGTERM', () => void bank.close())
