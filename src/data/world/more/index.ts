import type { Addition } from './addition.js'
import { CLASSICAL } from './classical.js'
import { POPULAR } from './popular.js'
import { ROOTS } from './roots.js'

/** By style id. */
export const MORE: Readonly<Partial<Record<string, Addition>>> = { ...CLASSICAL, ...ROOTS, ...POPULAR }
