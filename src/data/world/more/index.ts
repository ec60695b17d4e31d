import type { Addition } from './addition.js'

export const MORE: Readonly<Partial<Record<string, Addition>>> = {}
