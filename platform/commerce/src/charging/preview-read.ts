/** Reads a file of facts: every field is checked before anything is computed, and complaints name the field. */
import { isDay } from "@yagura/core/calendar.ts";
import { ClaimFacts, ContractFacts, factShapes, PaymentFacts, type FactKind } from "./facts.ts";
import { fieldErrors } from "./field-errors.ts";
import { FactsInvalid, type Issue } from "./issues.ts";
import { PreviewFile, PreviewTables, tableRows, type TableName } from "./preview-file.ts";

/** Most complaints of one file: more would hide the first ones. */
const MOST = 200;

/** The file, checked. FactsInvalid with one issue per field otherwise. */
export function readPreview(value: unknown): PreviewFile {
  const issues = fieldsOf(value);
  if (issues.length === 0) issues.push(...relations(value as PreviewFile));
  if (issues.length > 0) throw new FactsInvalid("file", issues.slice(0, MOST), "CHARGES_FILE_INVALID");
  return value as PreviewFile;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Schemas are applied part by part, so that each fact is told what its own kind lacks. */
function fieldsOf(value: unknown): Issue[] {
  if (!isObject(value)) return fieldErrors(PreviewFile, value, "");
  const issues = [...fieldErrors(PreviewFile, emptied(value, ["contracts", "claims", "payments", "tables"]), "")];
  issues.push(...tooMany(value["contracts"], "/contracts", 1000));
  for (const name of ["claims", "payments"]) issues.push(...tooMany(value[name], `/${name}`));
  issues.push(...each(value["contracts"], "/contracts", contractErrors));
  issues.push(...each(value["claims"], "/claims", (one, at) => fieldErrors(ClaimFacts, one, at)));
  issues.push(...each(value["payments"], "/payments", (one, at) => fieldErrors(PaymentFacts, one, at)));
  if (value["tables"] !== undefined) issues.push(...tableErrors(value["tables"]));
  return issues;
}

/** The same with lists and objects of their own emptied: they are looked at by themselves. */
function emptied(value: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const copy = { ...value };
  for (const name of names) {
    if (Array.isArray(copy[name])) copy[name] = [];
    else if (isObject(copy[name])) copy[name] = {};
  }
  return copy;
}

/** Lists are emptied before the schema looks at them, so their length is looked at here; it is the one that the schema states. */
const tooMany = (list: unknown, pointer: string, most = 10_000): Issue[] =>
  Array.isArray(list) && list.length > most
    ? [
        {
          pointer,
          text: {
            ja: `${list.length} 件あります。指定できるのは ${most} 件までです。`,
            en: `There are ${list.length} of them. At most ${most} may stand here.`,
          },
        },
      ]
    : [];

const each = (list: unknown, pointer: string, check: (one: unknown, pointer: string) => Issue[]): Issue[] =>
  Array.isArray(list) ? list.flatMap((one, at) => check(one, `${pointer}/${at}`)) : [];

function contractErrors(value: unknown, pointer: string): Issue[] {
  if (!isObject(value)) return fieldErrors(ContractFacts, value, pointer);
  return [
    ...fieldErrors(ContractFacts, emptied(value, ["facts"]), pointer),
    ...tooMany(value["facts"], `${pointer}/facts`),
    ...each(value["facts"], `${pointer}/facts`, factErrors),
  ];
}

function factErrors(value: unknown, pointer: string): Issue[] {
  if (!isObject(value)) return fieldErrors(factShapes.started, value, pointer);
  const kind = value["kind"];
  if (typeof kind === "string" && Object.hasOwn(factShapes, kind))
    return fieldErrors(factShapes[kind as FactKind], value, pointer);
  const kinds = Object.keys(factShapes).join(", ");
  const told = typeof kind === "string" ? kind : JSON.stringify(kind);
  return [
    {
      pointer: `${pointer}/kind`,
      text:
        kind === undefined
          ? {
              ja: `「kind」がありません。指定できる値: ${kinds}`,
              en: `“kind” is missing. It has to be one of: ${kinds}.`,
            }
          : {
              ja: `「${told}」という種類はありません。指定できる値: ${kinds}`,
              en: `There is no kind “${told}”. It has to be one of: ${kinds}.`,
            },
    },
  ];
}

function tableErrors(value: unknown): Issue[] {
  if (!isObject(value)) return fieldErrors(PreviewTables, value, "/tables");
  return [
    ...fieldErrors(PreviewTables, emptied(value, Object.keys(tableRows)), "/tables"),
    ...Object.keys(tableRows).flatMap((name) => tooMany(value[name], `/tables/${name}`)),
    ...(Object.keys(tableRows) as TableName[]).flatMap((name) =>
      each(value[name], `/tables/${name}`, (one, at) => fieldErrors(tableRows[name], one, at)),
    ),
  ];
}

/** What no schema can say: orders of days, names that appear twice or point nowhere. */
function relations(file: PreviewFile): Issue[] {
  const issues: Issue[] = [];
  const note = (pointer: string, ja: string, en: string): void => {
    issues.push({ pointer, text: { ja, en } });
  };
  if (file.to < file.from)
    note("/to", `${file.to} は ${file.from} より前の月です。`, `${file.to} lies before ${file.from}.`);
  if (monthsBetween(file.from, file.to) > 1200)
    note("/to", "期間は100年以内にしてください。", "The range may have at most a hundred years.");
  twice(
    file.contracts.map(({ contract }) => contract),
    (at, name) =>
      note(`/contracts/${at}/contract`, `契約「${name}」が2回現れます。`, `The contract “${name}” stands here twice.`),
  );
  for (const [at, { dueOn }] of (file.claims ?? []).entries()) days(`/claims/${at}/dueOn`, dueOn, note);
  for (const [at, { on }] of (file.payments ?? []).entries()) days(`/payments/${at}/on`, on, note);
  if (file.until !== undefined) days("/until", file.until, note);
  const claims = (file.claims ?? []).map(({ claim }) => claim);
  twice(claims, (at, name) =>
    note(`/claims/${at}/claim`, `債権「${name}」が2回現れます。`, `The claim “${name}” stands here twice.`),
  );
  for (const [at, { claim }] of (file.payments ?? []).entries())
    if (claim !== undefined && !claims.includes(claim))
      note(`/payments/${at}/claim`, `「${claim}」という債権はありません。`, `There is no claim “${claim}”.`);
  for (const name of Object.keys(tableRows) as TableName[])
    for (const [at, one] of (file.tables?.[name] ?? []).entries())
      if ("from" in one && "until" in one && isPast(one.from, one.until))
        note(
          `/tables/${name}/${at}/until`,
          "適用終了日は適用開始日より後にしてください。",
          "`until` has to lie after `from`.",
        );
  for (const [at, { day }] of (file.tables?.closedDays ?? []).entries())
    if (!isDay(day)) note(`/tables/closedDays/${at}/day`, "暦にない日付です。", "This is not a day of the calendar.");
  return issues;
}

/** Days that are counted from stay inside the years that can be written. */
function days(pointer: string, day: string, note: (pointer: string, ja: string, en: string) => void): void {
  if (!isDay(day) || day < "1900-01-01" || day > "2199-12-31")
    note(
      pointer,
      `「${day}」は 1900-01-01 から 2199-12-31 までの日付ではありません。`,
      `“${day}” is not a day from 1900-01-01 to 2199-12-31.`,
    );
}

const isPast = (from: string | null | undefined, until: string | null | undefined): boolean =>
  typeof from === "string" && typeof until === "string" && until <= from;
const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5)) - Number(from.slice(5));

function twice(names: readonly string[], complain: (at: number, name: string) => void): void {
  const seen = new Set<string>();
  for (const [at, name] of names.entries()) {
    if (seen.has(name)) complain(at, name);
    seen.add(name);
  }
}
