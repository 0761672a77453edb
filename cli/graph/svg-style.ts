/** How a drawing looks, on light and on dark pages, and what it says of that. */

interface Colours {
  readonly page: string
  readonly ink: string
  readonly faint: string
  readonly line: string
  readonly group: string
  readonly active: readonly [fill: string, stroke: string]
  readonly varied: readonly [fill: string, stroke: string]
  readonly useful: readonly [fill: string, stroke: string]
  readonly inactive: readonly [fill: string, stroke: string]
  readonly control: readonly [fill: string, stroke: string]
  readonly adjoint: readonly [fill: string, stroke: string]
  readonly stored: string
}

const light: Colours = {
  page: '#ffffff',
  ink: '#1c2126',
  faint: '#69737d',
  line: '#aeb6bd',
  group: '#f6f8fa',
  active: ['#fff0dd', '#d9822b'],
  varied: ['#fdf7e3', '#c5ad65'],
  useful: ['#eef4f4', '#86a3a3'],
  inactive: ['#f4f4f4', '#b9b9b9'],
  control: ['#f0f1f3', '#8c959f'],
  adjoint: ['#e3f0fd', '#2f7fc4'],
  stored: '#b3261e',
}

const dark: Colours = {
  page: '#15191e',
  ink: '#e3e8ed',
  faint: '#8d98a3',
  line: '#57616b',
  group: '#1b2128',
  active: ['#3a2a17', '#d9822b'],
  varied: ['#332e1c', '#a08c4a'],
  useful: ['#1e2b2c', '#5d8080'],
  inactive: ['#22262b', '#5a626a'],
  control: ['#23282e', '#78828c'],
  adjoint: ['#152a40', '#4a9be0'],
  stored: '#ff7a6e',
}

const looks = ['active', 'varied', 'useful', 'inactive', 'control', 'adjoint'] as const

function rules(colours: Colours): string {
  return [
    `.page{fill:${colours.page}}`,
    `text{fill:${colours.ink}}`,
    `.number,.group text,.legend text,.heading{fill:${colours.faint}}`,
    `.edge{stroke:${colours.line}}.to-flow{fill:${colours.line}}`,
    ...(['active', 'adjoint'] as const).map((look) => `.edge.${look}{stroke:${colours[look][1]}}.to-${look}{fill:${colours[look][1]}}`),
    `.link{stroke:${colours.faint}}.to-link{fill:${colours.faint}}`,
    `.group rect{fill:${colours.group};stroke:${colours.line}}`,
    ...looks.map((look) => `.${look}>rect{fill:${colours[look][0]};stroke:${colours[look][1]}}`),
    `.node>rect.bar,.bar{fill:${colours.stored};stroke:none}.mark{fill:${colours.faint}}.stored>.mark{fill:${colours.stored}}`,
  ].join('')
}

const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace'

export const style = [
  `text{font:12px ${mono}}`,
  '.title{font-size:15px;font-weight:600}.heading{font-size:13px}',
  '.mark,.group text,.legend text{font-size:10.5px}.group text{text-anchor:end}',
  '.edge{fill:none;stroke-width:1.1}.edge.active,.edge.adjoint{stroke-width:1.3;opacity:.75}.edge.beside{stroke-width:.9;opacity:.6}.edge.carried{stroke-dasharray:4 3}',
  '.link{fill:none;stroke-width:1;stroke-dasharray:1.5 3.5;stroke-linecap:round;opacity:.8}',
  '.node>rect{stroke-width:1.2}.group rect{stroke-width:1}.group.then rect,.group.else rect{stroke-dasharray:3 3}',
  rules(light),
  `@media(prefers-color-scheme:dark){${rules(dark)}}`,
].join('')

interface Legend {
  readonly width: number
  readonly height: number
  readonly lines: readonly string[]
}

const entries: readonly (readonly [look: string, text: string])[] = [
  ['active', 'active'],
  ['varied', 'varied only'],
  ['useful', 'useful only'],
  ['inactive', 'inactive'],
  ['control', 'control'],
  ['adjoint', 'computes derivatives'],
]

/** What the colours and lines mean. */
export function legend(x: number, y: number, isReverse: boolean): Legend {
  const lines: string[] = []
  let at = x
  const add = (mark: string, text: string): void => {
    lines.push(`${mark}<text x="${String(at + 26)}" y="${String(y + 12)}">${text}</text>`)
    at += 26 + text.length * 6.4 + 20
  }
  for (const [look, text] of entries)
    add(`<g class="${look}"><rect x="${String(at)}" y="${String(y + 2)}" width="20" height="13" rx="3"/></g>`, text)
  const line = (look: string): string => `<path class="${look}" d="M${String(at)},${String(y + 9)}h20"/>`
  if (isReverse) add(`<rect class="bar" x="${String(at + 7)}" y="${String(y + 2)}" width="5" height="13" rx="2"/>`, 'stored')
  add(line('edge'), 'flows into')
  add(line('edge carried'), 'in the next iteration')
  add(line('link'), isReverse ? 'is reversed by' : 'is differentiated by')
  return { width: at - x, height: 20, lines: ['<g class="legend">', ...lines.map((one) => one.replaceAll(/(\d+\.\d)\d+/g, '$1')), '</g>'] }
}
