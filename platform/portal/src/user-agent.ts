/** A browser's long name in the few words a person knows it by. Pure. */
const browsers = [
  { mark: /Edg(?:A|iOS)?\//, name: "Edge" },
  { mark: /OPR\//, name: "Opera" },
  { mark: /(?:Firefox|FxiOS)\//, name: "Firefox" },
  { mark: /(?:Headless)?Chrom(?:e|ium)\/|CriOS\//, name: "Chrome" },
  { mark: /Safari\//, name: "Safari" },
] as const;
const systems = [
  { mark: /iPhone|iPad/, name: "iOS" },
  { mark: /Android/, name: "Android" },
  { mark: /Windows/, name: "Windows" },
  { mark: /Mac OS X|Macintosh/, name: "macOS" },
  { mark: /CrOS/, name: "ChromeOS" },
  { mark: /Linux/, name: "Linux" },
] as const;

/** `Chrome · Linux`; programs that are no browser keep the first 60 characters of their own name. */
export function nameUserAgent(text: string): string {
  const browser = browsers.find(({ mark }) => mark.test(text))?.name;
  const system = systems.find(({ mark }) => mark.test(text))?.name;
  const known = [browser, system].filter((each) => each !== undefined);
  return known.length === 0 ? text.slice(0, 60) : known.join(" · ");
}
