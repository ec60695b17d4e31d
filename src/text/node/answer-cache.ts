import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'

/** Answers on disk, a file each, by the hash of what was asked. Files are written beside and renamed: they are whole or not there. */
export class AnswerCache<T> {
  constructor(
    private readonly dir: string,
    /** What a file must hold; another one is asked for again. */
    private readonly check: (value: unknown) => value is T,
  ) {}

  async get(asked: unknown): Promise<T | undefined> {
    try {
      const { answer } = JSON.parse(await readFile(this.#fileOf(asked), 'utf8')) as { answer: unknown }
      return this.check(answer) ? answer : undefined
    } catch {
      return undefined
    }
  }

  /** @throws AntiphonError `failed` where it can't be written */
  async put(asked: unknown, answer: T): Promise<void> {
    const file = this.#fileOf(asked)
    const draft = `${file}.${randomUUID()}.part`
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(draft, `${JSON.stringify({ asked, answer })}\n`)
      await rename(draft, file)
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined)
      throw new AntiphonError('failed', `Cannot keep an answer in ${this.dir}: ${(cause as Error).message}`, {
        cause,
      })
    }
  }

  #fileOf(asked: unknown): string {
    const key = createHash('sha256').update(JSON.stringify(asked)).digest('hex')
    return join(this.dir, key.slice(0, 2), `${key}.json`)
  }
}
