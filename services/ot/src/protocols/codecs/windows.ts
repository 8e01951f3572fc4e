/** Names of Windows by the numbers that SMB, NTLM and the browser service tell. */

/** First build → name, newest first, of version 10.0. Names of client and server where both bear the build. */
const BUILDS: readonly (readonly [build: number, name: string])[] = [
  [26_100, "Windows 11 24H2 / Server 2025"],
  [22_631, "Windows 11 23H2"],
  [22_621, "Windows 11 22H2"],
  [22_000, "Windows 11"],
  [20_348, "Windows Server 2022"],
  [19_041, "Windows 10 2004 or later"],
  [18_362, "Windows 10 1903"],
  [17_763, "Windows 10 1809 / Server 2019"],
  [17_134, "Windows 10 1803"],
  [16_299, "Windows 10 1709"],
  [15_063, "Windows 10 1703"],
  [14_393, "Windows 10 1607 / Server 2016"],
  [10_586, "Windows 10 1511"],
  [10_240, "Windows 10 1507"],
];
const VERSIONS: Readonly<Record<string, string>> = {
  "4.0": "Windows NT 4.0",
  "5.0": "Windows 2000",
  "5.1": "Windows XP",
  "5.2": "Windows XP x64 / Server 2003",
  "6.0": "Windows Vista / Server 2008",
  "6.1": "Windows 7 / Server 2008 R2",
  "6.2": "Windows 8 / Server 2012",
  "6.3": "Windows 8.1 / Server 2012 R2",
  "10.0": "Windows 10 / Server 2016 or later",
};

/** `Windows 7 / Server 2008 R2 (6.1.7601)`; without a build the numbers end after the minor version. "" for unknown versions. */
export function windowsName(major: number, minor: number, build = 0): string {
  const version = `${major}.${minor}`;
  const name = (version === "10.0" && BUILDS.find(([first]) => build >= first)?.[1]) || VERSIONS[version];
  return name === undefined ? "" : `${name} (${version}${build > 0 ? `.${build}` : ""})`;
}
