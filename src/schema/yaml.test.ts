import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { checked, parseYaml } from './index.js'

const FILE = `# a recipe
name: x
audio:
  encoder: ast
  options: { width: 4,
    deep: 3 }
groups:
  - match: a
  - match: b
    rate: -1
`

test('each field has its line, and one that is not there that of the nearest around it', () => {
  const { value, lineOf } = parseYaml(FILE, { file: 'f' })
  assert.deepEqual(value, {
    name: 'x',
    audio: { encoder: 'ast', options: { width: 4, deep: 3 } },
    groups: [{ match: 'a' }, { match: 'b', rate: -1 }],
  })
  const cases: [PropertyKey[], number | undefined][] = [
    [['name'], 2],
    [['audio'], 3],
    [['audio', 'encoder'], 4],
    [['audio', 'options', 'deep'], 6],
    [['groups', 1, 'rate'], 10],
    [['groups', 1], 9],
    [['groups', 0, 'rate'], 8],
    [['audio', 'freeze'], 3],
    [['seed'], undefined],
    [[], undefined],
  ]
  for (const [path, line] of cases) assert.equal(lineOf(path), line, path.join('.'))
})

test('what is wrong is told with file and line', () => {
  const schema = z.strictObject({
    name: z.int(),
    audio: z.strictObject({ encoder: z.string(), options: z.strictObject({ width: z.int() }) }),
    groups: z.array(z.strictObject({ match: z.string(), rate: z.number().positive().optional() })),
  })
  const { value, lineOf } = parseYaml(FILE, { file: 'f' })
  const message = (options: object): string => {
    try {
      checked(schema, value, { what: 'my.yaml', code: 'usage', ...options })
    } catch (error) {
      return (error as Error).message
    }
    return assert.fail('nothing was wrong')
  }
  assert.match(
    message({ lineOf }),
    /^my\.yaml:2: name: .*; my\.yaml:6: unknown key "audio\.options\.deep" \(expected width\); my\.yaml:10: groups\.1\.rate: /,
  )
  assert.match(message({}), /^my\.yaml: name: [^;]*; unknown key .*; groups\.1\.rate: /)
  assert.doesNotMatch(message({}).slice(1), /my\.yaml/)
  assert.throws(() => parseYaml('a: 1\nb: [1\n', { file: 'f.yaml' }), {
    code: 'usage',
    message: /^f\.yaml:\d: /,
  })
  const tenfold = (of: string): string => `[${Array<string>(10).fill(`*${of}`).join(', ')}]`
  const bomb = `a: &a [x]\nb: &b ${tenfold('a')}\nc: &c ${tenfold('b')}\nd: &d ${tenfold('c')}\ne: ${tenfold('d')}\n`
  assert.throws(() => parseYaml(bomb, { file: 'f.yaml' }), { code: 'usage', message: /^f\.yaml: .*alias/i })
})
