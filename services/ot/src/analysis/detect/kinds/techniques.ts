/**
 * Names of the ATT&CK for ICS techniques that findings tell, by id (attack.mitre.org, version 19 of April 2026, which gave some
 * older ids a new number: T0855 is T1692.001, T0857 is T1693.001, T0812 is T1694.001).
 */
export const techniques: Readonly<Record<string, string>> = {
  T0814: "Denial of Service",
  T0816: "Device Restart/Shutdown",
  T0822: "External Remote Services",
  T0826: "Loss of Availability",
  T0829: "Loss of View",
  T0830: "Adversary-in-the-Middle",
  T0835: "Manipulate I/O Image",
  T0836: "Modify Parameter",
  T0842: "Network Sniffing",
  T0843: "Program Download",
  T0845: "Program Upload",
  T0846: "Remote System Discovery",
  T0848: "Rogue Master",
  T0858: "Change Operating Mode",
  T0859: "Valid Accounts",
  T0864: "Transient Cyber Asset",
  T0866: "Exploitation of Remote Services",
  T0869: "Standard Application Layer Protocol",
  T0882: "Theft of Operational Information",
  T0883: "Internet Accessible Device",
  T0885: "Commonly Used Port",
  T0886: "Remote Services",
  T0888: "Remote System Information Discovery",
  T0889: "Modify Program",
  "T1692.001": "Unauthorized Message: Command Message",
  "T1693.001": "Modify Firmware: System Firmware",
  "T1694.001": "Insecure Credentials: Default Credentials",
};
