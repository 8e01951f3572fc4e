/** Message catalogues: each room writes its sentences in both languages side by side, so that none can be forgotten. */
export type Language = "ja" | "en";

/** One sentence. `{name}` is replaced by the parameter of that name; `{n}` picks the English plural. */
export interface Text {
  readonly ja: string;
  readonly en: string | { readonly one: string; readonly other: string };
}
export type Catalogue = Readonly<Record<string, Text>>;
export type Parameters = Readonly<Record<string, string | number>>;

/** Keeps the keys and the placeholders of a catalogue as types. */
export const catalogue = <const T extends Catalogue>(table: T): T => table;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Needs<T extends Text> = Names<T["ja"]>;

/** Says a sentence of one catalogue: the parameters its placeholders need are asked for by the compiler. */
export type Say<C extends Catalogue> = <K extends keyof C & string>(
  key: K,
  ...parameters: [Needs<C[K]>] extends [never] ? [] : [Readonly<Record<Needs<C[K]>, string | number>>]
) => string;

const english = new Intl.PluralRules("en");

/** The sentence in a language, with its parameters put in. */
export function sentence(text: Text, language: Language, parameters: Parameters = {}): string {
  const words = language === "ja" ? text.ja : text.en;
  const chosen = typeof words === "string" ? words : pluralOf(words, parameters["n"]);
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

function pluralOf(words: { readonly one: string; readonly other: string }, n: string | number | undefined): string {
  return english.select(Number(n)) === "one" ? words.one : words.other;
}

/** Placeholders of a sentence, for the test that both languages use the same ones. */
export const placeholders = (words: string): string[] =>
  [...new Set([...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))].sort();

export function sayer<C extends Catalogue>(messages: C, language: Language): Say<C> {
  return (key, ...parameters) => sentence(messages[key] as Text, language, parameters[0] ?? {});
}
