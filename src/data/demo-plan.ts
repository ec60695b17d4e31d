import { compose, type Piece } from './composer/piece.js'
import { STYLES, findStyle } from './composer/styles/index.js'

export interface DemoPlan {
  /** @default 1 */
  seed?: string | number
  /** Ids of the styles. @default all */
  styles?: readonly string[]
  /** Pieces of each style. @default 3 */
  perStyle?: number
}

export interface DemoEntry {
  /** Path inside the library, without extension: "bossa-nova/02-paper-moon". */
  path: string
  piece: Piece
}

/** The pieces of the demo library, style by style. */
export function* demoPieces({ seed = 1, styles, perStyle = 3 }: DemoPlan = {}): Generator<DemoEntry> {
  for (const style of styles?.map(findStyle) ?? STYLES) {
    for (let variant = 0; variant < perStyle; variant++) {
      const piece = compose(style, { seed, variant })
      const name = fileName(piece.info.title)
      yield { path: `${style.id}/${String(variant + 1).padStart(2, '0')}-${name}`, piece }
    }
  }
}

/** Lower-case ASCII letters, digits and hyphens: the same on every file system. */
function fileName(title: string): string {
  const plain = title.normalize('NFD').replace(/[\u0300-\u036f’']/g, '')
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
