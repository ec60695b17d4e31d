import { join } from 'node:path'
import { shown, shownFigure, shownP, shownRank, type Comparison } from '../../evaluate/index.js'
import type { Output } from '../context.js'
import { printable } from '../printable.js'
import { count } from '../quantity.js'
import { styles } from '../style.js'
import { table, type Column } from '../table.js'
import { poolText } from './evaluation-text.js'

/** A comparison for people: the figures of all models, and what each is more or less than the first. */
export function comparisonText(
  comparison: Comparison,
  { stdout, out }: { stdout: Output; out: string | undefined },
): string {
  const { models, protocol, results, versus, intervals } = comparison
  const lines = [
    `${printable(protocol.title)} (${protocol.name}, version ${protocol.version})`,
    poolText(comparison),
  ]
  const unit = intervals.of
  const { dim } = styles(stdout)
  const fitted = { width: stdout.interactive ? stdout.columns : undefined, headerStyle: dim }
  for (const { title, direction, figures } of results) {
    const heading =
      title !== null ? printable(title) : direction === null ? 'metric' : direction.replaceAll('-', ' ')
    const columns: Column[] = [
      { header: heading, min: 8 },
      ...models.map(({ name }): Column => ({ header: name, align: 'right', min: 6 })),
      ...models.slice(1).flatMap(({ name }): Column[] => [
        { header: models.length > 2 ? `${name} − ${models[0].name}` : 'difference', align: 'right', min: 6 },
        { header: '95 % interval', align: 'right', dispensable: 1 },
        { header: 'p', align: 'right' },
      ]),
    ]
    const rows = figures.map(({ metric, models: values, differences }) => [
      metric,
      ...values.map(({ value }) => shownFigure(metric, value)),
      ...differences.flatMap(({ difference, low, high, p }) => [
        signed(metric, difference),
        low === null || high === null ? '–' : `${signed(metric, low)} to ${signed(metric, high)}`,
        shownP(p),
      ]),
    ])
    lines.push('', ...table(columns, rows, fitted))
  }
  for (const { model, direction, metric, groups, gains, losses } of versus) {
    const rows = groups.map(({ group, queries, first, other, difference, low, high, adjusted }) => [
      group,
      queries.toLocaleString('en'),
      shown(first),
      shown(other),
      signed(metric, difference),
      low === null || high === null ? '–' : `${signed(metric, low)} to ${signed(metric, high)}`,
      shownP(adjusted),
    ])
    lines.push(
      '',
      `${printable(model)} against ${printable(models[0].name)} by kind of query, ${metric}, ${direction.replaceAll('-', ' ')}:`,
      ...table(
        [
          { header: 'queries', min: 8 },
          { header: 'n', align: 'right' },
          { header: models[0].name, align: 'right', min: 6 },
          { header: model, align: 'right', min: 6 },
          { header: 'difference', align: 'right' },
          { header: '95 % interval', align: 'right', dispensable: 1 },
          { header: 'p (Holm)', align: 'right' },
        ],
        rows,
        fitted,
      ),
    )
    for (const [heading, found] of [
      ['Gains most', gains],
      ['Loses most', losses],
    ] as const)
      if (found.length > 0)
        lines.push(
          `${heading}: ${found.map(({ query, first, other }) => `"${printable(short(query))}" (rank ${shownRank(first)} → ${shownRank(other)})`).join('; ')}`,
        )
  }
  lines.push(
    '',
    `p: of each figure alone, two-sided, ${count(intervals.permutations, 'permutation')} of ${unit}. Intervals: 95 %, paired bootstrap of ${unit}, ${count(intervals.samples, 'sample')}, seed ${intervals.seed}.`,
  )
  if (out !== undefined) lines.push(`Report: ${printable(join(out, 'comparison.html'))} and comparison.json`)
  return `${lines.join('\n')}\n`
}

const LONGEST_QUERY = 60

const short = (text: string): string =>
  text.length > LONGEST_QUERY ? `${text.slice(0, LONGEST_QUERY - 1).trimEnd()}…` : text

const signed = (metric: string, value: number): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${shownFigure(metric, Math.abs(value))}`
