/** Operating systems as names that the table of end dates knows, from the many ways in which traffic tells them. */

/** Version and build of Windows as NTLM and SMB tell them. The same build is a client or a server. */
const builds: readonly (readonly [build: number, name: string])[] = [
  [26_100, "Windows 11 24H2 / Server 2025"],
  [22_631, "Windows 11 23H2"],
  [22_621, "Windows 11 22H2"],
  [22_000, "Windows 11 21H2"],
  [20_348, "Windows Server 2022"],
  [19_045, "Windows 10 22H2"],
  [19_044, "Windows 10 21H2"],
  [19_043, "Windows 10 21H1"],
  [19_042, "Windows 10 20H2"],
  [19_041, "Windows 10 2004"],
  [18_363, "Windows 10 1909"],
  [18_362, "Windows 10 1903"],
  [17_763, "Windows 10 1809 / Server 2019"],
  [17_134, "Windows 10 1803"],
  [16_299, "Windows 10 1709"],
  [15_063, "Windows 10 1703"],
  [14_393, "Windows 10 1607 / Server 2016"],
  [10_586, "Windows 10 1511"],
  [10_240, "Windows 10 1507"],
];
const versions: Readonly<Record<string, string>> = {
  "3.51": "Windows NT 3.51",
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
/** `6.1`, `6.1.7601`, `10.0.19045.2006` → name; null for what Windows never had. */
export function windowsByVersion(version: string): string | null {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (found === null) return null;
  const pair = `${Number(found[1])}.${Number(found[2])}`;
  const build = Number(found[3] ?? 0);
  if (pair === "10.0" && build > 0) return builds.find(([first]) => build >= first)?.[1] ?? null;
  return versions[pair] ?? null;
}

/** A pattern and what it says; `$1` is the first group. More exact before less exact. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/Windows Server 2025/i, "Windows Server 2025"],
  [/Windows (?:Server )?\(?R?\)? ?2022|Server 2022/i, "Windows Server 2022"],
  [/Server 2019/i, "Windows Server 2019"],
  [/Server 2016/i, "Windows Server 2016"],
  [/Server (?:\(R\) )?2012 R2/i, "Windows Server 2012 R2"],
  [/Server (?:\(R\) )?2012/i, "Windows Server 2012"],
  [/Server (?:\(R\) )?2008 R2/i, "Windows Server 2008 R2"],
  [/Server (?:\(R\) )?2008/i, "Windows Server 2008"],
  [/Server 2003 R2/i, "Windows Server 2003 R2"],
  [/Server 2003/i, "Windows Server 2003"],
  [/Windows 2000/i, "Windows 2000"],
  [/Windows XP Embedded|Windows Embedded Standard 2009/i, "Windows XP Embedded"],
  [/Windows Embedded Standard/i, "Windows Embedded Standard 7"],
  [/Windows Embedded POSReady 2009/i, "Windows Embedded POSReady 2009"],
  [/Windows CE(?: (\d+(?:\.\d+)?))?/i, "Windows CE $1"],
  [/Windows Embedded Compact (\d+)/i, "Windows Embedded Compact $1"],
  [/Windows XP|Windows 5\.1/i, "Windows XP"],
  [/Windows Vista/i, "Windows Vista"],
  [/Windows 7/i, "Windows 7"],
  [/Windows 8\.1/i, "Windows 8.1"],
  [/Windows 8(?!\d|\.\d)/i, "Windows 8"],
  [/Windows 11 (?:\w+ )?(\d\dH\d)/i, "Windows 11 $1"],
  [/Windows 11/i, "Windows 11"],
  [/Windows 10 (?:\w+ )?(\d{4}|\d\dH\d)\b/i, "Windows 10 $1"],
  [/Windows 10(?!\.)/i, "Windows 10"],
  [/Windows NT 4/i, "Windows NT 4.0"],
  [/Windows 98/i, "Windows 98"],
  [/Windows 95/i, "Windows 95"],
  [/Ubuntu[ /-](\d\d\.\d\d)/i, "Ubuntu $1"],
  [/\bdeb(\d{1,2})u\d/, "Debian $1"],
  [/Debian(?: GNU\/Linux)?[ /](\d{1,2})\b/i, "Debian $1"],
  [/(?:CentOS)(?: Linux)?(?: release)? (\d+)/i, "CentOS $1"],
  [/(?:Red Hat Enterprise Linux|RHEL)\D{0,20}(\d+)/i, "Red Hat Enterprise Linux $1"],
  [/\.el(\d+)(?:[._]|$)/, "Red Hat Enterprise Linux $1"],
  [/Raspbian/i, "Raspbian"],
  [/\bUbuntu\b/i, "Ubuntu"],
  [/\bFedora\b/i, "Fedora"],
  [/\bCentOS\b/i, "CentOS"],
  [/\bDebian\b/i, "Debian"],
  [/FreeBSD[ /]?(\d+)/i, "FreeBSD $1"],
  [/VxWorks[ /]?(\d+(?:\.\d+)?)/i, "VxWorks $1"],
  [/VxWorks/i, "VxWorks"],
  [/QNX/i, "QNX"],
  [/Cisco IOS(?:[- ]X[ER])? Software.*?Version (\d+\.\d+[^, ]*)/i, "Cisco IOS $1"],
  [/Android (\d+)/, "Android $1"],
  [/(?:iPhone )?OS (\d+)_\d+.* like Mac OS X/, "iOS $1"],
  [/Mac OS X (\d+)[._](\d+)/, "macOS $1.$2"],
  [/\bLinux(?: \S+)?[ /](\d+\.\d+)/i, "Linux $1"],
  [/\bLinux\b/i, "Linux"],
];

/** The operating system that a text names, or null. `Windows NT 6.1` of a browser is read as a version. */
export function osOf(text: string): string | null {
  // Samba calls itself so; Windows of that version writes its name.
  if (text === "Windows 6.1") return null;
  const version = /Windows NT (\d+\.\d+)/.exec(text)?.[1];
  if (version !== undefined && version !== "4.0") return windowsByVersion(version);
  // Names by version number stand for a client and a server: both stay.
  const both = /^(Windows [^(/]+\/ Server [^(]+?)(?: \(|$)/.exec(text)?.[1];
  if (both !== undefined) {
    const exact = /\((\d+\.\d+\.\d+)/.exec(text)?.[1];
    return (exact === undefined ? null : windowsByVersion(exact)) ?? both.trim();
  }
  const exact = /^Windows\b.*\((10\.0\.\d+)/.exec(text)?.[1];
  if (exact !== undefined) return windowsByVersion(exact);
  for (const [pattern, name] of patterns) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return name.replaceAll(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? "").trim();
  }
  return null;
}

/** DHCP parameter request lists (option 55) of common systems, as the client sends them. */
const dhcpLists: Readonly<Record<string, string>> = {
  "1,15,3,6,44,46,47,31,33,249,43": "Windows XP",
  "1,15,3,6,44,46,47,31,33,43": "Windows 2000",
  "1,15,3,6,44,46,47,31,33,121,249,43": "Windows 7",
  "1,15,3,6,44,46,47,31,33,121,249,43,252": "Windows 7",
  "1,3,6,15,31,33,43,44,46,47,121,249,252": "Windows 8.1",
  "1,3,6,15,31,33,43,44,46,47,119,121,249,252": "Windows 10",
  "1,121,3,6,15,119,252,95,44,46": "macOS",
  "1,121,3,6,15,119,252": "iOS",
  "1,3,6,15,26,28,51,58,59,43": "Android",
  "1,28,2,3,15,6,119,12,44,47,26,121,42": "Linux",
  "1,28,2,121,15,6,12,40,41,42,26,119,3,121,249,33,252,42": "Linux",
  "1,3,6,12,15,28,42": "Linux",
};
export function osOfDhcpList(list: string): string | null {
  const plain = list.replaceAll(/\s/g, "");
  return Object.hasOwn(dhcpLists, plain) ? (dhcpLists[plain] as string) : null;
}
