/** How a report looks: on a screen, light and dark, narrow and wide, and on A4. No font, no picture, nothing from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--text:light-dark(#1b1f24,#e6e8eb);--soft:light-dark(#57606a,#a3acb7);
--back:light-dark(#fff,#14181d);--card:light-dark(#f5f7f9,#1c2229);--line:light-dark(#d3d9df,#38414b);--link:light-dark(#0b5cad,#7db7f5);
--upgraded:light-dark(#1a7f4b,#4cc38a);--failed:light-dark(#c2321f,#ff8a75);--under-way:light-dark(#0b6bcb,#6cb0f5);
--left-out:light-dark(#9a6700,#e0ac3b);--waiting:light-dark(#7a838d,#8b949e)}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:75rem;padding:1rem 1.25rem 3rem;color:var(--text);background:var(--back);font:15px/1.5 system-ui,sans-serif;
overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:1.25rem 0 .35rem}
p,ul{margin:.35rem 0 .75rem}
ul{padding-left:1.3rem}
a{color:var(--link)}
code,pre{font:.86em/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;background:var(--card);border-left:3px solid var(--line);padding:.4rem .6rem;margin:.35rem 0}
.wide{overflow-x:auto;margin:.35rem 0 .75rem}
table{border-collapse:collapse;width:100%;font-size:.92em}
th,td{text-align:left;vertical-align:top;padding:.28rem .6rem .28rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:600;overflow-wrap:normal}
tbody th{font-weight:600}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.t{white-space:nowrap;font-variant-numeric:tabular-nums}
.facts th{width:11rem;color:var(--soft);font-weight:400}
.bar{width:38%;min-width:7rem;padding-right:0}
svg{display:block;width:100%;height:1.3rem;overflow:visible}
svg.tall{height:4rem}
svg text{fill:var(--soft);font:11px system-ui,sans-serif}
svg .axis{stroke:var(--line)}
svg .whole{fill:var(--card);stroke:var(--line)}
svg .middle{stroke:var(--text);stroke-width:2}
.upgraded{color:var(--upgraded);fill:var(--upgraded)}
.failed{color:var(--failed);fill:var(--failed)}
.under-way{color:var(--under-way);fill:var(--under-way)}
.left-out{color:var(--left-out);fill:var(--left-out)}
.waiting{color:var(--waiting);fill:var(--waiting)}
.heard{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
b.state{white-space:nowrap}
.soft{color:var(--soft)}
details{border-bottom:1px solid var(--line)}
details>*:not(summary){margin-left:1.1rem}
summary{cursor:pointer;padding:.3rem 0;display:flex;flex-wrap:wrap;gap:0 .9rem}
summary::before{content:"▸";color:var(--soft)}
details[open]>summary::before{content:"▾"}
summary b:first-of-type{min-width:min(16rem,60%)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
footer{margin-top:2.5rem;color:var(--soft);font-size:.88em}
@media(max-width:40rem){
body{padding:.75rem .8rem 2rem}
.rows thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.rows tr{display:flex;flex-wrap:wrap;gap:0 .8rem;padding:.35rem 0;border-bottom:1px solid var(--line)}
.rows th,.rows td{border:0;padding:0}
.rows tbody th{width:100%}
.rows td:empty{display:none}
.rows td[data-l]::before{content:attr(data-l) " ";color:var(--soft)}
.rows .bar{width:100%}
.facts th{width:7rem}
details>*:not(summary){margin-left:0}
}
@media print{
@page{size:A4;margin:14mm 12mm}
:root{color-scheme:light}
body{max-width:none;padding:0;font-size:9.5pt}
h2,h3,summary{break-after:avoid}
tr,li,pre{break-inside:avoid}
thead{display:table-header-group}
a{color:inherit;text-decoration:none}
.wide{overflow:visible}
details::details-content{content-visibility:visible;display:block;height:auto}
summary::before{content:none}
svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
