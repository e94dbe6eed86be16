import { notYet } from './not-yet.js'
import { secretSettings } from './secret-settings.js'
import { notesOf, type SettingNotes, type Shape } from './setting.js'
import { settingGroups } from './settings.js'

const HEAD = `# Kivuko's settings, made from their schema by "npm run env:example"; do not edit.
# Copy what you want to change into a file named .env. Nothing here is required: each line shows its default.
# A variable of the process wins over the same one in .env.`

/** The content of `.env.example`: every setting with its default, by groups. */
export function envExample(): string {
  const groups = Object.entries(settingGroups).map(([title, shape]) => describeGroup(title, shape))
  const secrets = describeGroup('Secrets: when unset, generated and kept in DATA_DIR/secrets.json', secretSettings)
  return `${[HEAD, ...groups, secrets, describeNotYet()].join('\n\n')}\n`
}

function describeGroup(title: string, shape: Shape): string {
  return [`## ${title}`, ...[...notesOf(shape).values()].map(describeSetting)].join('\n')
}

function describeSetting({ env, note, fallback = '' }: SettingNotes): string {
  return `# ${note}\n# ${env}=${fallback}`
}

function describeNotYet(): string {
  const lines = notYet.map(({ env, value, expected }) => `# ${env}=${value}: expected ${expected}`)
  return ['## Refused by name for now', ...lines].join('\n')
}
