import type { Comparison, ComparedResult, ReportedDifference, Versus } from './comparison.js'
import { escaped } from './html.js'
import { DIRECTIONS, howSection, page } from './page.js'
import { shown, shownFigure, shownP, shownRank } from './shown.js'

/** A comparison as a page that needs no network and no script. */
export function comparisonPage(comparison: Comparison): string {
  const { models, protocol, results, versus } = comparison
  return page({
    title: `${models.map(({ name }) => name).join(', ')}: ${protocol.title}`,
    heading: models.map(({ name }) => name).join(' · '),
    under: `${escaped(protocol.title)} <small>(${escaped(protocol.name)}, version ${protocol.version})</small>`,
    sections: [
      ...results.map((result) => resultSection(result, comparison)),
      ...versus.map((each) => versusSection(each, comparison)),
      howSection(comparison),
    ],
  })
}

function resultSection(
  { title, direction, queries, items, figures }: ComparedResult,
  { models }: Comparison,
): string {
  const [first, ...others] = models.map(({ name }) => escaped(name))
  const heads = [
    ...[first, ...others].map((name) => `<th class="n">${name}</th>`),
    ...others.map(
      (name) =>
        `<th class="n">${others.length > 1 ? `${name} − ${first}` : 'difference'}</th><th class="n">p</th>`,
    ),
  ]
  const rows = figures.map(({ metric, higherIsBetter, models: values, differences }) => {
    const cells = [
      ...values.map(
        ({ value, low, high }) =>
          `<td class="n"><b>${shownFigure(metric, value)}</b><br><small>${shownFigure(metric, low)} – ${shownFigure(metric, high)}</small></td>`,
      ),
      ...differences.map((found) => differenceCells(metric, higherIsBetter, found, found.p)),
    ]
    return `<tr><td>${escaped(metric)}</td>${cells.join('')}</tr>`
  })
  const head = title !== null ? escaped(title) : direction ? DIRECTIONS[direction] : 'Figures'
  return `<h2>${head}</h2>
<p class="soft">${queries.toLocaleString('en')} ${title !== null ? 'texts' : 'queries'}, ${items.toLocaleString('en')} candidates each</p>
<div class="wide"><table><tr><th>metric</th>${heads.join('')}</tr>
${rows.join('\n')}
</table></div>`
}

function differenceCells(
  metric: string,
  higherIsBetter: boolean,
  found: ReportedDifference,
  p: number | null,
): string {
  const { difference, low, high } = found
  const certain = low !== null && high !== null && low * high > 0
  const tone = !certain ? '' : difference > 0 === higherIsBetter ? ' right' : ' wrong'
  const sign = (value: number | null): string =>
    value === null ? '–' : `${value > 0 ? '+' : value < 0 ? '−' : ''}${shownFigure(metric, Math.abs(value))}`
  return `<td class="n${tone}">${sign(difference)}<br><small>${sign(low)} to ${sign(high)}</small></td><td class="n">${shownP(p)}</td>`
}

function versusSection(
  { model, direction, metric, groups, gains, losses }: Versus,
  { models }: Comparison,
): string {
  const first = escaped(models[0].name)
  const rows = groups.map(
    (found) =>
      `<tr><td>${escaped(found.group)}</td><td class="n">${found.queries.toLocaleString('en')}</td><td class="n">${shown(found.first)}</td><td class="n">${shown(found.other)}</td>${differenceCells(metric, true, found, found.adjusted)}</tr>`,
  )
  const lists = [
    ['gains most', gains],
    ['loses most', losses],
  ] as const
  const queries = lists
    .filter(([, found]) => found.length > 0)
    .map(
      ([what, found]) => `<h3>Where ${escaped(model)} ${what}</h3>
<div class="wide"><table><tr><th>query</th><th class="n">rank with ${first}</th><th class="n">with ${escaped(model)}</th></tr>
${found.map((each) => `<tr><td>${escaped(each.query)}</td><td class="n">${shownRank(each.first)}</td><td class="n">${shownRank(each.other)}</td></tr>`).join('\n')}
</table></div>`,
    )
  return `<h2>${escaped(model)} against ${first}, by kind of query</h2>
<p class="soft">${escaped(metric)}, ${direction.replaceAll('-', ' ')}; p after Holm’s correction over these rows</p>
<div class="wide"><table><tr><th>queries</th><th class="n">n</th><th class="n">${first}</th><th class="n">${escaped(model)}</th><th class="n">difference</th><th class="n">p</th></tr>
${rows.join('\n')}
</table></div>
${queries.join('\n')}`
}
