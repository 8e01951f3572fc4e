/** A text in both languages that knows no plural. */
export interface Both {
  readonly ja: string;
  readonly en: string;
}
