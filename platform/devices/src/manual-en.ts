/** The agent's manual in English. */
import type { Manual, ManualFacts } from "./manual.ts";

export function manualEnglish({ server, pinned }: ManualFacts): Manual {
  return {
    title: "Yagura agent: manual",
    lead: "The agent is a small program on your PC or server. It measures how well the network works from there and reports to your provider.",
    other: "日本語",
    contents: "Contents",
    chapters: [
      {
        id: "what",
        title: "What it does, and what it sends",
        html: `<p>For each <em>session</em> that your administrator registered (this machine to one target), the agent sends a small probe at a fixed
interval, one second unless changed: an ICMP echo, a TCP connection, a DNS question or one HTTP request. It notes how long the answer took.</p>
<h3>It sends to the server</h3>
<ul><li>times and outcomes of those probes,</li><li>once a minute, how it is: its version, its use of processor and memory, what it can measure here,</li>
<li>at enrolment: the machine's host name, operating system and processor type.</li></ul>
<h3>It never reads or sends</h3>
<ul><li>your files, your traffic, the pages you open, the keys you press,</li><li>anything to anybody but this server: <code>${server}</code> and the registered targets.</li></ul>
<p>A PC that sleeps or changes its network is recorded as “not observed”, never as loss.</p>`,
      },
      {
        id: "needs",
        title: "What it needs",
        html: `<table><tr><th>System</th><td>Linux with systemd, 64-bit (x64 or arm64), GNU C library 2.28 or later (Debian 10, Ubuntu 20.04, RHEL 8 and later)</td></tr>
<tr><th>Disk, memory</th><td>about 130 MB for the program, at most 64 MB for data that waits; about 70 MB of memory</td></tr>
<tr><th>Network</th><td>outgoing HTTPS to <code>${server}</code>. Nothing comes in: no port is opened.</td></tr>
<tr><th>Rights</th><td>administrator (root) to install. It then runs as a user of its own with one right, raw sockets for ICMP.</td></tr>
<tr><th>A key</th><td>from your invitation mail. It works once, for one machine, until the date in the mail.</td></tr></table>`,
      },
      {
        id: "install",
        title: "Install",
        html: `${pinned ? pinnedSteps(server) : plainSteps(server)}
<p>Unpack and install. Put your own key in place of <code>KEY</code>.</p>
<pre><code>tar xzf yagura-agent-linux-x64.tar.gz
cd yagura-agent-linux-x64
sudo ./install.sh --server ${server} --key KEY</code></pre>
<p>For ARM machines write <code>arm64</code> in place of <code>x64</code>. To update, do the same with the new package; without <code>--server</code> and <code>--key</code> it keeps its enrolment.</p>`,
      },
      {
        id: "check",
        title: "Check that it works",
        html: `<pre><code>sudo yagura-agent status
systemctl status yagura-agent
journalctl -u yagura-agent -e</code></pre>
<p>Within a minute your administrator sees the machine as online in the portal, and its sessions begin to draw.</p>`,
      },
      {
        id: "proxy",
        title: "Through a proxy",
        html: `<p>Add the proxy to <code>/etc/yagura-agent/environment</code>, then restart:</p>
<pre><code>HTTPS_PROXY=http://proxy.example.co.jp:8080
NO_PROXY=localhost,127.0.0.1</code></pre>
<pre><code>sudo systemctl restart yagura-agent</code></pre>
<p>The proxy must allow <code>CONNECT</code> to the server. A proxy that opens TLS and signs with its own certificate is refused, because the agent trusts only the server's own authority: ask for an exception for this server.</p>`,
      },
      {
        id: "firewall",
        title: "Firewall",
        html: `<p>Allow outgoing TCP to the host and port of <code>${server}</code> (443 unless the address says otherwise). For the probes themselves allow what
your sessions use: ICMP echo, DNS (port 53), or TCP to the targets' ports. Nothing needs to be allowed inwards.</p>`,
      },
      {
        id: "uninstall",
        title: "Uninstall",
        html: `<pre><code>sudo /opt/yagura-agent/install.sh --uninstall --purge</code></pre>
<p>Without <code>--purge</code> its state and settings stay for a later installation. Tell your administrator, who then removes the machine in the portal.</p>`,
      },
      {
        id: "trouble",
        title: "Troubleshooting",
        html: `<table><tr><th>It says</th><th>Why, and what to do</th></tr>
<tr><td>The enrolment key is not complete</td><td>Part of the key was lost in copying. It starts with <code>yk1.</code> and has two dots.</td></tr>
<tr><td>This enrolment key expired</td><td>Ask your administrator to issue the invitation again.</td></tr>
<tr><td>This enrolment key was already used</td><td>A key works once. If it was not you, tell your administrator at once.</td></tr>
<tr><td>cannot be reached</td><td>Network, firewall (outgoing to the port of the address, 443 when it has none) or proxy. Try <code>curl ${pinned ? "-k " : ""}-v ${server}/healthz</code>: it should answer with status 200.</td></tr>
<tr><td>does not match the fingerprint</td><td>Something on the way opens the connection (a proxy, an antivirus program), or the address is another server's. Nothing was sent.</td></tr>
<tr><td>This device was cut off</td><td>Your administrator removed this machine. A new key brings it back: install again with it.</td></tr>
<tr><td>This machine's clock is wrong</td><td>The agent works all the same and corrects its times; set the clock (NTP) when you can.</td></tr>
<tr><td>ICMP cannot be measured</td><td>The program runs without the right to raw sockets. Install it with <code>install.sh</code>, or use TCP sessions.</td></tr></table>`,
      },
    ],
  };
}

const plainSteps = (server: string): string => `<p>Download the package:</p>
<pre><code>curl -fO ${server}/download/agent/yagura-agent-linux-x64.tar.gz
curl -f ${server}/download/agent/yagura-agent-linux-x64.tar.gz.sha256 | sha256sum --check</code></pre>`;

const pinnedSteps = (
  server: string,
): string => `<p>This server has a certificate of its own authority. Your key holds the authority's fingerprint (its third part), so that you can
make sure that you talk to the right server:</p>
<pre><code>curl -fk ${server}/download/ca.pem -o ca.pem
openssl x509 -in ca.pem -outform der | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =</code></pre>
<p class="note">The line that is printed must be the part of your key after its second dot. If it is not, stop and ask your administrator.</p>
<p>Then download the package over the connection that is now proven:</p>
<pre><code>curl -f --cacert ca.pem -O ${server}/download/agent/yagura-agent-linux-x64.tar.gz
curl -f --cacert ca.pem ${server}/download/agent/yagura-agent-linux-x64.tar.gz.sha256 | sha256sum --check</code></pre>`;
