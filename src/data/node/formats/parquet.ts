import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import { assertColumns } from './read-through.js'
import { ROWS_A_BLOCK, type RowBlock, type RowOptions } from './rows.js'

/**
 * The rows of a Parquet file, row group by row group: as much is in memory as its writer put into one. A row's line is its
 * number in the file, from 1; a row group that can't be read is one wrong row.
 * @throws AntiphonError `usage`, `interrupted`
 */
export async function* readParquet(
  file: string,
  { required = [], wanted = () => true, signal }: RowOptions = {},
): AsyncGenerator<RowBlock, void, void> {
  const { buffer, metadata, columns: all } = await openParquet(file)
  assertColumns(file, required, all)
  const columns = all.filter((name) => wanted(name) || required.includes(name))
  let rowStart = 0
  for (const group of metadata.row_groups) {
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    const rowEnd = rowStart + Number(group.num_rows)
    let rows: Record<string, unknown>[] = []
    try {
      rows = await parquetReadObjects({ file: buffer, metadata, columns, rowStart, rowEnd, compressors })
    } catch (error) {
      const reason = `rows ${rowStart + 1} to ${rowEnd} can't be read (${(error as Error).message})`
      yield { file, rows: [], wrong: [{ file, line: rowStart + 1, reason }] }
    }
    for (let at = 0; at < rows.length; at += ROWS_A_BLOCK) {
      const from = rowStart + at + 1
      const block = rows.slice(at, at + ROWS_A_BLOCK)
      yield { file, rows: block.map((values, i) => ({ line: from + i, values })), wrong: [] }
    }
    rowStart = rowEnd
  }
}

/** @throws AntiphonError `usage` */
export async function parquetColumns(file: string): Promise<string[]> {
  return (await openParquet(file)).columns
}

async function openParquet(file: string) {
  try {
    const buffer = await asyncBufferFromFile(file)
    const metadata = await parquetMetadataAsync(buffer)
    return { buffer, metadata, columns: parquetSchema(metadata).children.map(({ element }) => element.name) }
  } catch (cause) {
    const isSystem = (cause as NodeJS.ErrnoException).syscall !== undefined
    const reason = isSystem
      ? reasonOf(cause)
      : `it is no Parquet file, or damaged (${(cause as Error).message})`
    throw new AntiphonError('usage', `Cannot read ${file}: ${reason}`, { cause })
  }
}
