import type { System } from './system.js'

/** In the order of their years. */
export const SYSTEMS: readonly System[] = []
