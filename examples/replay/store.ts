import { readFileSync, writeFileSync } from 'node:fs'
import initSqlJs, { type Database, type SqlValue } from 'sql.js'
import type { Plan } from './spread.ts'

/** What one process leaves for another: a graph, and gradients that were asked for while its pullback was there. */
export interface Stored {
  readonly plan: Plan
  readonly graph: Uint8Array
  readonly history: Float64Array
  readonly gradients: readonly StoredGradient[]
}

export interface StoredGradient {
  readonly objective: string
  readonly land: Float64Array
  readonly settlers: Float64Array
}

const schema = `
  create table runs (id integer primary key, side integer not null, years integer not null, every integer not null, history blob not null);
  create table graphs (run integer primary key references runs, function text not null, code text not null, graph blob not null);
  create table gradients (run integer references runs, objective text, land blob not null, settlers blob not null, primary key (run, objective));
`

/** Writes a database with one run: SQLite, in WebAssembly. */
export async function store(
  file: string,
  { plan, graph, history, gradients }: Stored,
  about: { readonly function: string; readonly code: string },
): Promise<void> {
  const { Database } = await initSqlJs()
  const database = new Database()
  database.run(schema)
  database.run('insert into runs values (1, ?, ?, ?, ?)', [plan.side, plan.years, plan.every, bytesOf(history)])
  database.run('insert into graphs values (1, ?, ?, ?)', [about.function, about.code, graph])
  for (const { objective, land, settlers } of gradients)
    database.run('insert into gradients values (1, ?, ?, ?)', [objective, bytesOf(land), bytesOf(settlers)])
  writeFileSync(file, database.export())
  database.close()
}

export async function retrieve(file: string): Promise<Stored> {
  const { Database } = await initSqlJs()
  const database = new Database(readFileSync(file))
  const [[side, years, every, history]] = rows(database, 'select side, years, every, history from runs') as [
    [number, number, number, Uint8Array],
  ]
  const [[graph]] = rows(database, 'select graph from graphs') as [[Uint8Array]]
  const gradients = rows(database, 'select objective, land, settlers from gradients') as [string, Uint8Array, Uint8Array][]
  database.close()
  return {
    plan: { side, years, every },
    graph,
    history: doublesOf(history),
    gradients: gradients.map(([objective, land, settlers]) => ({ objective, land: doublesOf(land), settlers: doublesOf(settlers) })),
  }
}

function rows(database: Database, query: string): SqlValue[][] {
  return database.exec(query)[0]?.values ?? []
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A copy, since doubles have to begin at a multiple of eight bytes. */
function doublesOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer)
}
