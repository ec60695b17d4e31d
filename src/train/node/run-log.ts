import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { curvesPage, type LogRecord } from '../curves-page.js'
import { asWriteError, writeWhole } from './draft.js'

/** `log.jsonl` of a run, a line a step, and the page of its curves. */
export class RunLog {
  private constructor(
    private readonly dir: string,
    private readonly name: string,
    private readonly records: LogRecord[],
  ) {}

  /** Opens the log of a run that has taken so many steps; what was written of later ones is forgotten. */
  static async open(dir: string, name: string, steps: number): Promise<RunLog> {
    const records = (await readRecords(join(dir, LOG))).filter(({ step }) => step <= steps)
    const log = new RunLog(dir, name, records)
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('')
    await writeWhole(join(dir, LOG), (file) => file.writeFile(lines))
    return log
  }

  /** @throws AntiphonError `failed` when the disk is full */
  async add(record: LogRecord): Promise<void> {
    this.records.push(record)
    const path = join(this.dir, LOG)
    try {
      await appendFile(path, `${JSON.stringify(record)}\n`)
    } catch (error) {
      throw asWriteError(error, path)
    }
  }

  async drawPage(): Promise<void> {
    const page = curvesPage(this.name, this.records)
    await writeWhole(join(this.dir, 'curves.html'), (file) => file.writeFile(page))
  }
}

const LOG = 'log.jsonl'

/** Whole lines; one that a kill has cut is passed by. */
async function readRecords(path: string): Promise<LogRecord[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line) => {
    try {
      const record = JSON.parse(line) as LogRecord
      return typeof record.step === 'number' ? [record] : []
    } catch {
      return []
    }
  })
}
