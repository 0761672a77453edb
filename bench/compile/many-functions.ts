/** The files of a program of so many functions of one size, no two of which are the same, each with a request. */
export function manyFunctions(functions: number, files: number): Record<string, string> {
  const each = functions / files
  return Object.fromEntries(Array.from({ length: files }, (_, file) => [`/many/part${file}.ts`, partText(file * each, each)]))
}

function partText(first: number, count: number): string {
  return `import { grad } from 'cotangent'\n${Array.from({ length: count }, (_, i) => functionText(first + i)).join('')}`
}

function functionText(index: number): string {
  const constant = ((index * 37 + 11) % 89) / 20 + 0.1
  return `
function soften${index}(x: number): number {
  return x > 20 ? x : Math.log1p(Math.exp(x)) * ${constant.toFixed(3)}
}

export function energy${index}(x: Float64Array): number {
  let sum = ${index}
  for (let i = 0; i < x.length; i++) {
    const distance = x[i]! - ${(constant / 3).toFixed(3)}
    if (i % ${2 + (index % 5)} === 0) sum += distance * distance
    else sum += soften${index}(distance)
  }
  return Math.sqrt(sum)
}

export const gradient${index} = grad(energy${index})
`
}
