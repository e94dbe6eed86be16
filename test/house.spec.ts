import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { missingTests, rulesWithoutTest } from './house/conformance.js'
import { jobRules } from './house/jobs.js'
import { languageRules } from './house/language.js'
import { nameRules } from './house/names.js'
import { describeViolation, example, sourcesOf } from './house/rule.js'
import { BUDGETS, fileProportions, functionProportions, sizeRules } from './house/sizes.js'
import { readProject } from './house/source.js'
import { stairRules } from './house/stairs.js'

const project = readProject(new URL('..', import.meta.url).pathname)
const rules = [...stairRules, ...languageRules, ...nameRules, ...sizeRules, ...jobRules]

describe('the house', () => {
  it('is there to be looked at', () => {
    expect(project.filter(({ room }) => room === 'platform').length).toBeGreaterThan(0)
  })

  for (const rule of rules) {
    it(rule.name, () => {
      const violations = rule.find(project).map(describeViolation)
      expect(violations, `\n${violations.join('\n')}\n`).toEqual([])
    })
  }

  it('keeps its proportions', () => {
    const files = fileProportions(project)
    const functions = functionProportions(project)
    console.log(`files:     ${files.count}, lines median ${files.median}, p90 ${files.p90}, longest ${files.longest}`)
    console.log(
      `functions: ${functions.count}, lines median ${functions.median}, p90 ${functions.p90}, longest ${functions.longest}`,
    )
    expect(files.p90, 'nine of ten files stay short (DESIGN §7)').toBeLessThanOrEqual(BUDGETS.fileLinesP90)
    expect(functions.p90, 'nine of ten functions stay short (DESIGN §7)').toBeLessThanOrEqual(BUDGETS.functionLinesP90)
  })
})

describe('the rules themselves', () => {
  for (const rule of rules) {
    for (const example of rule.caught) {
      it(`${rule.name}: catches ${example.why}`, () => {
        expect(rule.find(sourcesOf(example)).map(describeViolation)).not.toEqual([])
      })
    }
    for (const example of rule.allowed) {
      it(`${rule.name}: lets pass ${example.why}`, () => {
        expect(rule.find(sourcesOf(example)).map(describeViolation)).toEqual([])
      })
    }
  }

  it('each carry a violation that they catch', () => {
    expect(rules.filter(({ caught }) => caught.length === 0)).toEqual([])
  })
})

describe('the page on the RFCs', () => {
  const page = readFileSync(new URL('../docs/rfc-conformance.md', import.meta.url), 'utf8')

  it('names tests that are there', () => {
    expect(missingTests(page, project)).toEqual([])
  })

  it('has a test for every rule that it calls kept', () => {
    expect(page).toContain('.spec.ts')
    expect(rulesWithoutTest(page)).toEqual([])
  })

  it('is caught when it names what is not there', () => {
    const sources = sourcesOf(
      example('', 'libs/ilp/a.spec.ts', "it('is kept', () => {})\nit.each([1])('takes %i', () => {})"),
    )
    const named = '`libs/ilp/a.spec.ts` › *is kept*, `libs/ilp/a.spec.ts` › *takes %i*'
    expect(missingTests(named, sources)).toEqual([])
    expect(missingTests('`libs/ilp/a.spec.ts` › *is broken*, `libs/ilp/b.spec.ts`', sources)).toEqual([
      'libs/ilp/a.spec.ts has no test "is broken"',
      'libs/ilp/b.spec.ts does not exist',
    ])
    expect(
      rulesWithoutTest('| rule | state | test |\n| --- | --- | --- |\n| kept | yes | - |\n| later | not yet | |'),
    ).toEqual(['| kept | yes | - |'])
  })
})
