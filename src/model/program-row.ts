import type { Program, Value } from '../graph/index.js'

/** What an encoder asks of a program. */
export type Runnable = Pick<Program, 'run' | 'close'>

/**
 * Programs one after the other as one: each is fed, by name, what the one before it computed; what the next does not ask for is
 * not computed. So a tower that was made elsewhere gets our front end before it and our norm behind it.
 */
export function programRow(programs: readonly Program[]): Runnable {
  return {
    async run(feeds) {
      let values: Record<string, Value> = {}
      for (const [place, program] of programs.entries()) {
        const next = programs[place + 1] as Program | undefined
        values = await program.run(
          place === 0 ? feeds : values,
          next?.inputs.map(({ name }) => name),
        )
      }
      return values
    },
    async close() {
      for (const program of programs) await program.close()
    },
  }
}
