import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../../errors/index.js'
import { parseTables, TABLE_FILES, type TableFile, type Tables, type TableSource } from '../words/tables.js'

/** Where the tables that come with the program are; the compiled file is in dist/src/text/node. */
export const tablesDir = fileURLToPath(new URL('../../../../tables', import.meta.url))

/**
 * Reads the tables of the words of music.
 * @param dir a folder with the same files. @default the tables that come with the program
 * @throws AntiphonError `usage` where a file is missing or wrong, naming file and line
 */
export async function readTables(dir: string = tablesDir): Promise<Tables> {
  const sources = await Promise.all(
    TABLE_FILES.map(async (name): Promise<[TableFile, TableSource]> => {
      const file = join(dir, `${name}.yaml`)
      return [name, { file, yaml: await readText(file) }]
    }),
  )
  return parseTables(Object.fromEntries(sources) as Record<TableFile, TableSource>)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read the table ${file}: ${(cause as Error).message}`, { cause })
  }
}
