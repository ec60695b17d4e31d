import { compared } from './comparisons.js'
import type { System } from './system.js'

const frozen = (...more: string[]): readonly string[] => ['bench', 'frozen', ...more]

/** Large batches against small ones, equal examples seen, and text that is filtered against all of it. */
export const mulan2022: System = {
  name: 'mulan2022',
  runs: [
    ['bench'],
    frozen('batch-32'),
    frozen('batch-512'),
    frozen('batch-512', 'every-text'),
    frozen('batch-2048'),
    frozen('batch-512', 'unfiltered'),
  ],
  measure: (context) =>
    compared(
      'mulan2022',
      [
        { name: 'batch 512', run: 'batch-512', beside: 'batch-32', reference: 'batch 32' },
        {
          name: 'batch 2048',
          run: 'batch-2048',
          beside: 'batch-512+every-text',
          reference: 'batch 512, every text a pair',
        },
        { name: 'filtered', run: 'batch-512', beside: 'batch-512+unfiltered', reference: 'unfiltered' },
      ].map(({ run, beside, ...rest }) => ({
        ...rest,
        run: `bench+frozen+${run}`,
        beside: `bench+frozen+${beside}`,
      })),
      context,
    ),
}
