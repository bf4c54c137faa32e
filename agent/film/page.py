"""A film as one HTML page: no network, no file beside it, light and dark, readable on paper.

Every screen is drawn as the terminal's own grid of cells, a Chinese character on two of them, so that the rows stand as
they stood. Without scripts the page is the strip of all steps; with them a player steps through it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from html import escape

from agent.film.store import Film
from agent.menu.film import FilmStep
from agent.menu.mask import HIDDEN

KNOWN_WORDS = ("press", "type", "wait", "done", "pending", "stop")

Say = Callable[..., str]
"""Gives the text of a key in the reader's language, with facts filled in."""


def film_page(film: Film, language: str, say: Say) -> str:
    """Make the page.

    Args:
        film: The film.
        language: ``en`` or ``zh``, for the page's ``lang``.
        say: Texts by key: ``film.page.*`` and ``film.what.*``.

    Returns:
        The page; everything that came from a terminal is escaped.
    """
    head = film.head
    title = escape(say("film.page.title", case=head.case))
    facts = [
        (say("film.page.terminal"), f"{head.maker} {head.model}"),
        ("TUSN", head.tusn),
        (say("film.page.firmware"), f"{head.firmware_name} {head.firmware_version}"),
        (say("film.page.steps"), str(len(film.steps))),
        ("SHA-256", film.sha256),
    ]
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    steps = "\n".join(_step(step, len(film.steps), head.columns, head.rows, say) for step in film.steps)
    count = escape(say("film.page.steps"), quote=True)
    cut = f'<p class="cut">{escape(say("film.cut"))}</p>' if film.cut else ""
    buttons = "".join(
        f'<button type="button" data-do="{name}" title="{escape(say(f"film.page.{name}"), quote=True)}">{sign}</button>'
        for name, sign in (("back", "◀"), ("play", "▶"), ("on", "▶|"))
    )
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>:root{{--columns:{head.columns};--rows:{head.rows}}}{_STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="lead">{escape(say("film.page.lead"))}</p>
<dl>{listed}</dl>
{cut}
</header>
<section id="player" hidden aria-live="polite">
<div id="stage"></div>
<div class="bar">{buttons}
<input type="range" min="1" max="{max(len(film.steps), 1)}" value="1" aria-label="{count}"><output></output></div>
</section>
<main>
{steps}
</main>
<footer>{escape(say("film.page.foot"))}</footer>
<script>{_SCRIPT}</script>
</body>
</html>
"""


def _step(step: FilmStep, total: int, columns: int, rows: int, say: Say) -> str:
    """Draw one step: the screen, then what was done on it."""
    done = say(f"film.what.{step.what}") if step.what in KNOWN_WORDS else step.what
    caps = f"<kbd>{escape(step.keys[1:-1])}</kbd>" if step.keys.startswith("<") else "".join(
        f"<kbd>{escape(key.replace('DIGIT_', ''))}</kbd>" for key in step.keys.split("+") if key
    )  # fmt: skip
    kind = (
        step.what if step.what in ("done", "pending", "stop", "wait") else "typed" if step.what == "type" else "pressed"
    )
    by = f'<span class="by">{escape(say("film.guided"))}</span>' if step.by == "guided" else ""
    mask = f'<span class="by">{escape(say("film.masked"))}</span>' if step.masked else ""
    return (
        f'<figure class="{kind}"><figcaption><b>{step.number}</b><i>/{total}</i> <code>{escape(step.screen)}</code>'
        f"{mask}{by}</figcaption>{_screen(step.rows, columns, rows)}"
        f'<p class="did"><span>{escape(done)}</span>{caps}</p></figure>'
    )


def _screen(lines: Sequence[str], columns: int, rows: int) -> str:
    if not lines:
        return f'<div class="lcd dark" style="--rows:{rows}"></div>'
    drawn = "".join(f"<div>{_row(line, columns)}</div>" for line in [*lines, *[""] * (rows - len(lines))][:rows])
    return f'<div class="lcd">{drawn}</div>'


def _row(line: str, columns: int) -> str:
    """Put each character on its cells (Unicode Standard Annex #11); what would stand outside is left out."""
    cells: list[str] = []
    left = columns
    for character in line:
        width = 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
        if width > left:
            break
        left -= width
        shown = escape(character.strip()) if character.isprintable() else "·"
        kind = "b" if width == 2 else 'i class="x"' if character == HIDDEN else "i"
        cells.append(f"<{kind}>{shown}</{kind[0]}>")
    return "".join(cells)


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

_STYLE = """
:root{color-scheme:light dark;--paper:#f4f2ee;--card:#fff;--ink:#1d2024;--soft:#686e76;--line:#dcd8d0;--accent:#9a5b00;
--good:#1b7340;--bad:#b3261e;--lcd:#cfdcc0;--pixel:#1b2a17;--cell:.72rem}
@media (prefers-color-scheme:dark){:root{--paper:#14161a;--card:#1d2026;--ink:#e7e8ea;--soft:#9aa1aa;--line:#31353d;
--accent:#f0b35a;--good:#6fd08f;--bad:#ff8a80;--lcd:#1e3226;--pixel:#b9f2c4}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:86rem;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem}
.lead{color:var(--soft);margin:0 0 1rem;max-width:62ch}
dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0 0 1.5rem;padding:.9rem 0;border:solid var(--line);
border-width:1px 0}
dt{font-size:.75rem;color:var(--soft)}
dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.cut{border-left:3px solid var(--bad);padding:.4rem .8rem;color:var(--bad)}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(calc(var(--cell)*var(--columns) + 3.2rem),1fr));
gap:1rem}
figure{margin:0;padding:.8rem;background:var(--card);border:1px solid var(--line);border-radius:.7rem;display:flex;
flex-direction:column;gap:.6rem;break-inside:avoid}
main figure{cursor:pointer}
figure.now{outline:2px solid var(--accent);outline-offset:1px}
figcaption{font-size:.85rem;color:var(--soft);display:flex;align-items:baseline;gap:.35rem;flex-wrap:wrap}
figcaption b{color:var(--ink);font-size:1rem}
figcaption i{font-style:normal;margin-left:-.3rem}
figcaption code{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;color:var(--ink)}
.by{font-size:.72rem;border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;margin-left:auto}
.by+.by{margin-left:0}
.lcd{align-self:center;padding:.55rem .7rem;border-radius:.35rem;background:var(--lcd);color:var(--pixel);
box-shadow:inset 0 0 0 1px rgb(0 0 0/.16),inset 0 2px 8px rgb(0 0 0/.14);
font:calc(var(--cell)*1.62)/1 ui-monospace,"Cascadia Mono",Menlo,Consolas,"Noto Sans Mono CJK SC","Noto Sans CJK SC",
"PingFang SC","Microsoft YaHei",monospace}
.lcd.dark{width:calc(var(--cell)*var(--columns) + 1.4rem);height:calc(var(--cell)*2*var(--rows) + 1.1rem);opacity:.35}
.lcd div{display:flex;width:calc(var(--cell)*var(--columns));height:calc(var(--cell)*2)}
.lcd i,.lcd b{flex:none;width:var(--cell);font-style:normal;font-weight:400;text-align:center;line-height:calc(
var(--cell)*2);overflow:visible;white-space:pre}
.lcd b{width:calc(var(--cell)*2)}
.lcd .x{font-size:.72em;opacity:.55}
.did{margin:auto 0 0;display:flex;align-items:center;gap:.35rem;flex-wrap:wrap;font-size:.9rem;min-height:1.7rem}
.did span{color:var(--soft);margin-right:.2rem}
kbd{font:600 .82rem/1 ui-monospace,Menlo,Consolas,monospace;padding:.32rem .5rem;border:1px solid var(--line);
border-bottom-width:3px;border-radius:.35rem;background:var(--paper)}
.typed kbd{border-style:dashed;color:var(--accent)}
.done{border-color:var(--good)}.done .did span{color:var(--good);font-weight:600}
.stop{border-color:var(--bad)}.stop .did span{color:var(--bad);font-weight:600}
#player{position:sticky;top:0;z-index:1;margin:0 -1.25rem 1.5rem;padding:1rem 1.25rem;background:var(--paper);
border-bottom:1px solid var(--line)}
#stage figure{--cell:min(1rem,calc((100vw - 7rem)/var(--columns)));max-width:max-content;min-width:min(100%,22rem);
margin:0 auto}
.bar{display:flex;gap:.5rem;align-items:center;max-width:34rem;margin:.8rem auto 0}
.bar button{font:inherit;min-width:2.6rem;padding:.2rem .6rem;color:inherit;background:var(--card);cursor:pointer;
border:1px solid var(--line);border-radius:.4rem}
.bar input{flex:1;accent-color:var(--accent)}
.bar output{font-variant-numeric:tabular-nums;color:var(--soft);min-width:4.5ch;text-align:right}
footer{margin-top:2rem;color:var(--soft);font-size:.85rem;max-width:70ch}
@media print{#player,script{display:none!important}body{background:#fff}figure{border-color:#999}}
"""

_SCRIPT = """
(()=>{const all=[...document.querySelectorAll('main figure')],box=document.getElementById('player');
if(!all.length)return;const stage=document.getElementById('stage'),range=box.querySelector('input'),
out=box.querySelector('output'),play=box.querySelector('[data-do=play]');let at=0,timer=0;
const show=n=>{at=Math.max(0,Math.min(all.length-1,n));all.forEach((f,i)=>f.classList.toggle('now',i===at));
stage.replaceChildren(all[at].cloneNode(true));range.value=at+1;out.value=(at+1)+'/'+all.length};
const halt=()=>{clearInterval(timer);timer=0;play.textContent='▶'};
const start=()=>{if(at===all.length-1)show(0);play.textContent='❚❚';
timer=setInterval(()=>{at<all.length-1?show(at+1):halt()},1100)};
box.addEventListener('click',e=>{const d=e.target.dataset.do;if(!d)return;if(d==='play'){timer?halt():start()}
else{halt();show(at+(d==='on'?1:-1))}});
range.addEventListener('input',()=>{halt();show(range.value-1)});
document.addEventListener('keydown',e=>{if(e.target===range)return;if(e.key==='ArrowRight'){halt();show(at+1)}
if(e.key==='ArrowLeft'){halt();show(at-1)}});
all.forEach((f,i)=>f.addEventListener('click',()=>{halt();show(i)}));box.hidden=false;show(0)})();
"""
