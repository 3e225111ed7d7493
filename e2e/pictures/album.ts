// The pictures that were asked for, and the page that shows them.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

export const pictures = resolve(import.meta.dirname, '../.out/pictures');
export const readme = resolve(import.meta.dirname, '../../docs/screenshots');

export const sizes = {
  phone: { width: 390, height: 844 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 800 },
  landscape: { width: 844, height: 390 },
};
export type Size = keyof typeof sizes;
export const languages = ['en', 'de', 'es'];

// One way to look at all pages.
export type Way = { language: string; scripts: boolean; size: Size; schemes: ('light' | 'dark')[] };

const words = (process.env.RIG_PICTURES ?? '').split(/\s+/).filter(Boolean);
const among = <T extends string>(list: readonly T[]) => list.filter((word) => words.includes(word));

// Words choose: languages, sizes, `scripts` or `plain`, `all`, and the rest are parts of the names of pages. Without
// them it is English, all sizes with scripts, and the phone and the desktop without.
export function ways(): Way[] {
  const all = words.includes('all');
  const chosen = among(languages);
  const few = among(Object.keys(sizes) as Size[]);
  const list: Way[] = [];
  for (const language of all ? languages : chosen.length ? chosen : ['en']) {
    for (const scripts of [true, false]) {
      if (words.includes(scripts ? 'plain' : 'scripts')) continue;
      const rest: Size[] = scripts || all || words.includes('plain') ? ['phone', 'desktop', 'tablet', 'landscape'] : ['phone', 'desktop'];
      for (const size of few.length ? few : rest) {
        const dark = all || words.includes('dark') || (scripts && (size === 'phone' || size === 'desktop'));
        list.push({ language, scripts, size, schemes: dark ? ['light', 'dark'] : ['light'] });
      }
    }
  }
  return words.includes('readme') ? [] : list;
}

const names = words.filter((word) => !['all', 'dark', 'scripts', 'plain', 'readme', ...languages, ...Object.keys(sizes)].includes(word));
export const wanted = (page: string) => names.length === 0 || names.some((name) => page.includes(name));
export const wantsReadme = words.includes('readme');

// The page with all pictures that there are, by page and then by way.
export function album(): string {
  const files = readdirSync(pictures).filter((f) => f.endsWith('.png')).sort();
  const byPage = new Map<string, string[]>();
  for (const file of files) {
    const page = file.split('.')[0];
    byPage.set(page, [...byPage.get(page) ?? [], file]);
  }
  const sections = [...byPage].map(([page, list]) => `<h2 id="${page}">${page}</h2>\n<div>${list.map((file) => {
    const caption = file.split('.').slice(1, -1).join(' ');
    return `<a href="${file}"><img src="${file}" alt="${page}, ${caption}" loading="lazy" height="420"><br>${caption}</a>`;
  }).join('\n')}</div>`);
  return `<!doctype html><meta charset="utf-8"><title>Pictures of Parley</title>
<style>body{font:14px system-ui;margin:1rem;background:#888;color:#000}div{display:flex;gap:1rem;overflow-x:auto}img{height:420px;width:auto}a{color:inherit}nav{columns:6}</style>
<nav>${[...byPage.keys()].map((page) => `<a href="#${page}">${page}</a>`).join('<br>')}</nav>
${sections.join('\n')}
`;
}
