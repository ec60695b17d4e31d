import { confusionTable, intervalBar, rankHistogram, tagBars } from './charts.js'
import type { Comparison } from './comparison.js'
import { escaped } from './html.js'
import type { Example, ExampleTrack, Report, Result } from './report.js'
import { shown, shownFigure, shownRank } from './shown.js'
import { STYLE } from './style.js'

export interface PageOptions {
  /** The address of an audio file as seen from the page. */
  readonly hrefOf: (path: string) => string
}

/** A report as a page that needs no network and no script; its players point at the audio files where they are. */
export function reportPage(report: Report, { hrefOf }: PageOptions): string {
  const { model, protocol, tags, confusion, results, examples } = report
  const metrics = tags ? [...new Set(tags.flatMap(({ figures }) => Object.keys(figures)))] : []
  const sections = [
    ...results.map((result) => resultSection(result, report)),
    ...(tags && metrics.length > 0
      ? [
          `<h2>By ${protocol.task === 'classification' ? 'class' : 'tag'}: ${escaped(metrics[0])}</h2>\n${tagBars(tags, metrics[0])}`,
        ]
      : []),
    ...(tags && confusion
      ? [
          `<h2>What was taken for what</h2>\n${confusionTable(
            tags.map(({ tag }) => tag),
            confusion,
          )}`,
        ]
      : []),
    examplesSection('Where it succeeds', examples.best, hrefOf),
    examplesSection('Where it fails', examples.worst, hrefOf),
    spaceSection(report),
    howSection(report),
  ]
  return page({
    title: `${model.name}: ${protocol.title}`,
    heading: model.name,
    under: `${escaped(protocol.title)} <small>(${escaped(protocol.name)}, version ${protocol.version})</small>`,
    sections,
  })
}

/** The frame of a page. */
export function page(parts: {
  title: string
  heading: string
  under: string
  sections: readonly string[]
}): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(parts.title)}</title>
<style>${STYLE}</style>
<h1>${escaped(parts.heading)}</h1>
<p>${parts.under}</p>
${parts.sections.filter((section) => section !== '').join('\n')}
</html>
`
}

export const DIRECTIONS = { 'text-to-audio': 'Text to audio', 'audio-to-text': 'Audio to text' } as const

function resultSection(
  { title, direction, queries, items, figures, ranks }: Result,
  { intervals }: Report,
): string {
  const rows = figures.map(
    (figure) =>
      `<tr><td>${escaped(figure.metric)}</td><td class="n"><b>${shownFigure(figure.metric, figure.value)}</b></td><td class="n">${shownFigure(figure.metric, figure.low)} – ${shownFigure(figure.metric, figure.high)}</td><td class="bar">${intervalBar(figure)}</td><td class="n">${figure.n.toLocaleString('en')}</td></tr>`,
  )
  const head = title !== null ? escaped(title) : direction ? DIRECTIONS[direction] : 'Figures'
  const asked = title !== null ? 'texts' : 'queries'
  return `<h2>${head}</h2>
<p class="soft">${queries.toLocaleString('en')} ${asked}, ${items.toLocaleString('en')} candidates each</p>
<div class="wide"><table><tr><th>metric</th><th class="n">value</th><th class="n">${Math.round(intervals.level * 100)} % interval</th><th class="bar"></th><th class="n">n</th></tr>
${rows.join('\n')}
</table></div>${ranks.length > 1 ? `\n<h3>Ranks</h3>\n${rankHistogram(ranks)}` : ''}`
}

function examplesSection(title: string, examples: readonly Example[], hrefOf: PageOptions['hrefOf']): string {
  if (examples.length === 0) return ''
  const cards = examples.map(({ query, rank, answers, found }) => {
    const list = found.map(
      (track) =>
        `<li><span class="${track.right ? 'right' : 'wrong'}">${track.right ? '✓' : '✗'}</span> ${trackHtml(track, hrefOf)}</li>`,
    )
    const missed = found.some(({ right }) => right)
      ? ''
      : `<p class="soft">An answer, at rank ${shownRank(rank)}:</p>${answers.map((track) => trackHtml(track, hrefOf)).join('')}`
    return `<div class="example"><q>${escaped(query)}</q> <span class="soft">rank ${shownRank(rank)}</span>
<ol>${list.join('\n')}</ol>${missed}</div>`
  })
  return `<h2>${title}</h2>\n<div class="examples">\n${cards.join('\n')}\n</div>`
}

function trackHtml(track: ExampleTrack, hrefOf: PageOptions['hrefOf']): string {
  const name =
    [track.artist, track.title].filter((part) => part !== null && part !== '').join(' – ') || track.id
  const time =
    track.start !== null || track.end !== null
      ? `#t=${track.start ?? 0}${track.end === null ? '' : `,${track.end}`}`
      : ''
  const player = track.archived
    ? ' <small>(in an archive)</small>'
    : `<audio controls preload="none" src="${escaped(hrefOf(track.path) + time)}"></audio>`
  return `${escaped(name)}${player}`
}

function spaceSection({ space }: Report): string {
  if (!space) return ''
  const { alignment, uniformity, modalityGap, hubness } = space
  const rows: [string, number | null, string][] = [
    [
      'alignment',
      alignment,
      'mean squared distance of a text and a track that belong together; 0 at best, 2 by chance',
    ],
    ['uniformity of audio', uniformity.audio, 'the lower, the more evenly tracks lie on the sphere'],
    ['uniformity of text', uniformity.text, 'the lower, the more evenly texts lie on the sphere'],
    ['modality gap', modalityGap, 'distance between the means of tracks and of texts'],
    ...(['audio', 'text'] as const).map((side): [string, number | null, string] => {
      const { k, skew, never, hub, hubQueries } = hubness[side]
      const what = side === 'audio' ? 'track' : 'text'
      return [
        `hubness of ${side}`,
        skew,
        `skewness of how often a ${what} is among the ${k} nearest; 0 is even. ${Math.round(100 * never)} % never are; the most frequent, ${escaped(hub)}, is for ${hubQueries}`,
      ]
    }),
  ]
  return `<h2>The space</h2>
<div class="wide"><table>${rows.map(([name, value, what]) => `<tr><td>${name}</td><td class="n">${shown(value)}</td><td class="soft">${what}</td></tr>`).join('\n')}</table></div>`
}

/** All that a reader needs to check the figures. */
export function howSection(report: Report | Comparison): string {
  const { antiphon, protocol, data, intervals } = report
  const models = 'models' in report ? report.models : [report.model]
  const of = (there: number, expected: number | null): string =>
    expected === null
      ? there.toLocaleString('en')
      : `${there.toLocaleString('en')} (published: ${expected.toLocaleString('en')})`
  const leftOut = [
    [data.missing, 'pairs without audio'],
    [data.wrongRows, 'wrong rows'],
    [data.short, 'pieces that are too short'],
    [data.withoutQuery, 'pieces that nothing asks for'],
    [data.unreadable.length, 'files that can’t be read'],
  ].flatMap(([count, what]) => (count ? `${count} ${what}` : []))
  const rows: [string, string][] = [
    ...models.map((model): [string, string] => [
      'Model',
      `${escaped(model.name)}, ${model.spaceId === null ? 'vectors from elsewhere' : `space <code>${model.spaceId}</code>`}, ${model.dim} dimensions`,
    ]),
    [
      'Protocol',
      `${escaped(protocol.name)}, version ${protocol.version}${protocol.unchanged ? '' : ', changed by options'}, <code>${protocol.hash.slice(0, 16)}</code>`,
    ],
    [
      'Data',
      `${escaped([data.format, data.subset, data.part].filter(Boolean).join(', '))}, <code>${data.hash.slice(0, 16)}</code>`,
    ],
    ...(data.split
      ? [
          [
            'Split',
            `by ${data.split.by}, test ${data.split.test}, seed ${data.split.seed}${data.pool === null ? '' : `; of it ${data.pool} tracks, drawn`}`,
          ] as [string, string],
        ]
      : []),
    [
      'Pool',
      `${of(data.items, data.expected.items)} pieces of audio, ${of(data.queries, data.expected.queries)} queries`,
    ],
    ...(leftOut.length > 0 ? [['Left out', leftOut.join(', ')] as [string, string]] : []),
    ['Queries', `${escaped(protocol.query)}; answered by ${escaped(protocol.relevance)}`],
    ['Prompts', protocol.prompts.map((prompt) => `<code>${escaped(prompt)}</code>`).join(', ')],
    ['Chunks', `${protocol.chunks}${protocol.hop === null ? '' : `, one every ${protocol.hop} s`}`],
    ['Ties', 'count by their expectation over all orders'],
    [
      'Intervals',
      `${Math.round(intervals.level * 100)} %, bootstrap of ${intervals.of}, ${intervals.samples.toLocaleString('en')} samples, seed ${intervals.seed}${'permutations' in intervals ? `; p by ${intervals.permutations.toLocaleString('en')} permutations of ${intervals.of}, two-sided, each figure alone` : ''}`,
    ],
    ['Program', `Antiphon ${escaped(antiphon)}`],
  ]
  return `<h2>How it was measured</h2>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('\n')}</dl>
<p class="soft">All of it is in <code>${'models' in report ? 'comparison' : 'report'}.json</code>.</p>`
}
