import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { tablesDir } from '../../text/node.js'
import { parseLanguages, type LanguageTable } from '../probes/language-table.js'

/** The words of music in other languages that come with the program. @throws AntiphonError `usage` where the file is missing or wrong */
export async function readLanguages(): Promise<LanguageTable> {
  const file = join(tablesDir, 'languages.yaml')
  try {
    return parseLanguages(await readFile(file, 'utf8'), { file })
  } catch (cause) {
    if (cause instanceof AntiphonError) throw cause
    throw new AntiphonError('usage', `Cannot read the table ${file}: ${(cause as Error).message}`, { cause })
  }
}
