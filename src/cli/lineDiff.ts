const around = 3;

/** The lines that differ between two texts, with three lines around them, as people know it from `diff -u` */
export function lineDiff(file: string, before: string | undefined, after: string | undefined): string {
  const old = linesOf(before);
  const fresh = linesOf(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  if (head === old.length && head === fresh.length) return '';
  const start = Math.max(0, head - around);
  const lines = [
    ...old.slice(start, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - tail + around).map((line) => ` ${line}`),
  ];
  return `--- ${before === undefined ? '(no file)' : file}\n+++ ${after === undefined ? '(no file)' : file}\n@@ line ${start + 1} @@\n${lines.join('\n')}\n`;
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}
