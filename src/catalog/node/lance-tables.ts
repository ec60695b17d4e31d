import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection, Table } from '@lancedb/lancedb'
import { schemaOf, toTable, type Columns } from './arrow.js'
import type { Rows } from './rows.js'
import { oneOfMany } from './sql.js'

/** Readers of an older version have this long to finish before its files go. */
const READER_GRACE_MS = 120_000
/** Appends leave fragments, and every open and scan pays for each. */
const MANY_FRAGMENTS = 128

/** LanceDB tables in a folder, made when something is first written to them. Every write is one atomic commit. */
export class LanceTables {
  readonly #dir: string
  readonly #connection: Connection
  readonly #dim: number
  readonly #open = new Map<string, Table>()

  private constructor(dir: string, connection: Connection, dim: number) {
    this.#dir = dir
    this.#connection = connection
    this.#dim = dim
  }

  /** @param dim of the columns of vectors */
  static async open(dir: string, dim: number): Promise<LanceTables> {
    // Its warnings (a table that is created; a small index) say nothing to the person at the terminal.
    process.env['LANCEDB_LOG'] ??= 'error'
    const { connect } = await import('@lancedb/lancedb')
    await mkdir(dir, { recursive: true }).catch(() => undefined) // a read-only place is seen on writing
    return new LanceTables(dir, await connect(dir, { readConsistencyInterval: 0 }), dim)
  }

  names(): Promise<string[]> {
    return this.#connection.tableNames()
  }

  /** The table as it is now, or undefined until something is written to it. */
  async get(name: string): Promise<Table | undefined> {
    const open = this.#open.get(name)
    if (open) return open
    const table = await this.#connection
      .openTable(name)
      .catch(async () => ((await this.#isCommitted(name)) ? this.#connection.openTable(name) : undefined))
    if (table) this.#open.set(name, table)
    return table
  }

  async append(name: string, columns: Columns, { length, values }: Rows): Promise<void> {
    const table = await this.#writable(name, columns)
    await table.add(toTable(columns, this.#dim, length, values))
  }

  /** Puts rows in the place of those with the same key, and adds the others. */
  async upsert(name: string, columns: Columns, key: string, { length, values }: Rows): Promise<void> {
    const table = await this.#writable(name, columns)
    await table
      .mergeInsert(key)
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute(toTable(columns, this.#dim, length, values))
  }

  /** Deletes the rows whose column holds one of some texts. */
  async delete(name: string, column: string, values: readonly string[]): Promise<void> {
    const table = await this.get(name)
    for (const condition of oneOfMany(column, values)) await table?.delete(condition)
  }

  async drop(name: string): Promise<void> {
    this.#open.get(name)?.close()
    this.#open.delete(name)
    await this.#connection.dropTable(name)
  }

  /** Joins the fragments that appends left, and drops old versions. With `many`, only where there are many fragments. */
  async compact(name: string, { many = false } = {}): Promise<void> {
    const table = await this.get(name)
    if (!table) return
    if (many && (await table.stats()).fragmentStats.numFragments < MANY_FRAGMENTS) return
    const cleanupOlderThan = new Date(Date.now() - READER_GRACE_MS)
    await table.optimize({ cleanupOlderThan, deleteUnverified: true })
  }

  close(): void {
    for (const table of this.#open.values()) table.close()
    this.#open.clear()
    this.#connection.close()
  }

  /** Whether a table has a version. One that is just being made, or was when its maker died, is a folder without. */
  async #isCommitted(name: string): Promise<boolean> {
    const versions = await readdir(join(this.#dir, `${name}.lance`, '_versions')).catch(() => [])
    return versions.some((file) => file.endsWith('.manifest'))
  }

  async #writable(name: string, columns: Columns): Promise<Table> {
    const present = await this.get(name)
    if (present) return present
    const schema = schemaOf(columns, this.#dim)
    const table = await this.#connection.createEmptyTable(name, schema, { existOk: true })
    this.#open.set(name, table)
    return table
  }
}
