import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readTables, tablesDir } from './tables.js'

test('a wrong table is told with file and line', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-tables-'))
  try {
    await cp(tablesDir, dir, { recursive: true })
    await readTables(dir)
    const file = join(dir, 'instruments.yaml')
    const yaml = await readFile(file, 'utf8')
    await writeFile(file, `${yaml}spoons: { familly: percussion, verbs: [click] }\n`)
    const line = yaml.split('\n').length
    await assert.rejects(readTables(dir), {
      code: 'usage',
      message: new RegExp(
        `instruments\\.yaml:${line}: spoons\\.family: .*; .*:${line}: unknown key "spoons\\.familly"`,
      ),
    })
    await writeFile(file, yaml)
    await writeFile(join(dir, 'swaps.yaml'), 'adjectives:\n  tempo:\n    - [slow]\n')
    await assert.rejects(readTables(dir), /swaps\.yaml:\d/)
    await rm(file)
    await assert.rejects(readTables(dir), {
      code: 'usage',
      message: /Cannot read the table .*instruments\.yaml/,
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
