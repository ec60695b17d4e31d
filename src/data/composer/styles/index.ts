import { AntiphonError } from '../../../errors/index.js'
import type { Style } from '../style.js'
import { PIANO } from './piano.js'
import { CHAMBER } from './chamber.js'
import { CEREMONY } from './ceremony.js'
import { JAZZ } from './jazz.js'
import { LATIN } from './latin.js'
import { FOLK } from './folk.js'
import { ROCK } from './rock.js'
import { GROOVES } from './grooves.js'
import { ELECTRONIC } from './electronic.js'
import { STILL } from './still.js'

/** All styles, families together. */
export const STYLES: readonly Style[] = [
  ...PIANO,
  ...CHAMBER,
  ...CEREMONY,
  ...JAZZ,
  ...LATIN,
  ...FOLK,
  ...ROCK,
  ...GROOVES,
  ...ELECTRONIC,
  ...STILL,
]

/** @throws AntiphonError `usage` for an unknown id */
export function findStyle(id: string): Style {
  const found = STYLES.find((style) => style.id === id)
  if (found) return found
  throw new AntiphonError(
    'usage',
    `Unknown style "${id}" (expected ${STYLES.map((style) => style.id).join(', ')})`,
  )
}
