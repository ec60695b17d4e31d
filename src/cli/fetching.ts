import type { HubProgress } from '../model/node.js'
import type { View } from './bar.js'
import { printable } from './printable.js'
import { bytes } from './quantity.js'

/** A model on its way from the hub. */
export function fetchingView({ file, bytes: done, totalBytes: total }: HubProgress): View {
  const amount = `${bytes(done)} of ${bytes(total)}`
  return { done, total, text: `Fetching ${printable(file)}: ${amount}`, short: amount }
}
