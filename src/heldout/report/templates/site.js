"use strict";
(() => {
  const root = document.documentElement;
  let data = JSON.parse(document.getElementById("data").textContent);
  const make = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const kept = (name, value) => {
    try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; }
  };

  // ---- light and dark
  const toggle = document.querySelector(".theme");
  if (["light", "dark"].includes(kept("theme"))) root.dataset.theme = kept("theme");
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light")) === "dark";
  let redrawn = [];
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      kept("theme", root.dataset.theme);
      redrawn.forEach((draw) => draw());
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById("q").focus();
    }
  });

  // ---- lists with filters
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const filters = (scope) => { for (const form of scope.querySelectorAll("form.filters")) {
    const items = [...document.getElementById(form.dataset.list).children].filter((item) => !item.matches(".none"));
    const texts = items.map((item) => item.textContent.toLowerCase());
    const count = document.getElementById(form.dataset.list + "-count");
    const [, noun] = count.textContent.match(/^[\d,]+ (.*)$/) || [null, "entries"];
    const filter = () => {
      const wanted = words(form.elements.text.value);
      const chosen = [...form.querySelectorAll("select")].filter((s) => s.value);
      let shown = 0;
      items.forEach((item, i) => {
        const fits = wanted.every((w) => texts[i].includes(w)) && chosen.every((s) =>
          s.name === "verdict" ? (item.dataset.verdict || "").split(" ").includes(s.value) : item.dataset[s.name] === s.value);
        item.hidden = !fits;
        shown += fits;
      });
      count.textContent = shown === items.length ? `${shown} ${noun}` : `${shown} of ${items.length} ${noun}`;
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    const given = new URLSearchParams(location.search);
    for (const field of form.elements) if (field.name && given.has(field.name)) field.value = given.get(field.name);
    filter();
  } };

  // ---- search over everything
  const searching = () => {
    const box = document.getElementById("hits");
    if (!box || !data.index) return;
    const field = document.getElementById("q");
    const kinds = ["study", "paper", "task", "learner"];
    const search = () => {
      const wanted = words(field.value);
      box.hidden = !wanted.length;
      box.replaceChildren();
      if (!wanted.length) return;
      const found = data.index.filter(([, name, , more]) => wanted.every((w) => (name + " " + more).toLowerCase().includes(w)));
      box.append(make("h2", found.length ? `${found.length} found` : `Nothing has “${field.value}” in it`));
      for (const kind of kinds) {
        const mine = found.filter((one) => one[0] === kind);
        if (!mine.length) continue;
        box.append(make("h3", `${kind === "study" ? "studie" : kind}s (${mine.length})`));
        const list = document.createElement("ul");
        for (const [, name, address] of mine.slice(0, 12)) {
          const item = document.createElement("li");
          item.append(make("a", name, { href: address }));
          list.append(item);
        }
        if (mine.length > 12) list.append(make("li", `and ${mine.length - 12} more`));
        box.append(list);
      }
    };
    field.value ||= new URLSearchParams(location.search).get("q") || "";
    field.addEventListener("input", search);
    field.form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
    search();
  };

  // ---- taking things away
  const save = (name, blob) => {
    const link = make("a", "", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const slug = (text) => (text || "heldout").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  const button = (text, label, act) => {
    const made = make("button", text, { type: "button", "aria-label": label });
    made.addEventListener("click", act);
    return made;
  };
  const tools = (...buttons) => { const made = make("div", "", { class: "tools" }); made.append(...buttons); return made; };
  const csv = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
    const said = (part) => part.textContent.trim().replace(/\s+/g, " ");
    const text = [...cell.childNodes].map((n) => cell.tagName === "TH" && n.nodeName === "SMALL" ? `(${said(n)})` : said(n)).filter(Boolean).join(" ");
    const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  }).join(",")).join("\n") + "\n";
  const drawn = (svg) => {
    const copy = svg.cloneNode(true);
    const style = getComputedStyle(root);
    const { width, height } = svg.viewBox.baseVal.width ? svg.viewBox.baseVal : svg.getBoundingClientRect();
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    const text = new XMLSerializer().serializeToString(copy)
      .replace(/var\((--[\w-]+)(?:,[^()]*)?\)/g, (_, name) => style.getPropertyValue(name).trim() || "currentColor");
    return { text: text.replace(/^(<svg[^>]*>)/, `$1<rect width="100%" height="100%" fill="${style.getPropertyValue("--paper").trim()}"/>`), width, height };
  };
  const picture = (svg, name) => {
    const { text, width, height } = drawn(svg);
    const image = new Image();
    image.onload = () => {
      const canvas = make("canvas", "", { width: 3 * width, height: 3 * height });
      canvas.getContext("2d").drawImage(image, 0, 0, 3 * width, 3 * height);
      canvas.toBlob((blob) => save(name + ".png", blob));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  };
  const exports = (scope) => { for (const region of scope.querySelectorAll(".scroll")) {
    const table = region.querySelector("table");
    if (!table) continue;
    const name = region.getAttribute("aria-label") || document.title;
    region.before(tools(button("CSV", `Save ${name} as CSV`, () => save(slug(name) + ".csv", new Blob([csv(table)], { type: "text/csv" })))));
  }
  for (const svg of scope.querySelectorAll("figure > svg")) {
    const title = svg.querySelector("title")?.textContent || svg.getAttribute("aria-label") || "figure";
    svg.after(tools(
      button("SVG", `Save the figure ${title} as SVG`, () => save(slug(title) + ".svg", new Blob([drawn(svg).text], { type: "image/svg+xml" }))),
      button("PNG", `Save the figure ${title} as PNG`, () => picture(svg, slug(title)))));
  }
  for (const pre of scope.querySelectorAll("pre.bibtex")) {
    pre.before(tools(button("BibTeX", "Save the citation as a BibTeX file", () => save(slug(pre.dataset.name) + ".bib", new Blob([pre.textContent], { type: "text/plain" })))));
  }
  };

  // ---- interactive figures
  let library;
  const plotly = () => (library ||= new Promise((done, failed) => {
    const script = make("script", "", { src: data.root + "plotly.min.js" });
    script.onload = () => done(window.Plotly);
    script.onerror = () => failed(new Error("plotly.min.js is not beside these pages"));
    document.head.append(script);
  }));
  const traces = (view, colour) => view.lines.filter((line) => line.x.length).flatMap((line) => {
    const shade = colour(`--c${line.index % 7 + 1}`);
    const many = line.x.length > 12;
    const error = { type: "data", symmetric: false, array: line.high.map((h, i) => (h === null ? 0 : h - line.y[i])), arrayminus: line.y.map((y, i) => (line.low[i] === null ? 0 : y - line.low[i])), thickness: 1.4, width: 3 };
    return [{
      name: line.name, x: line.x, y: line.y, mode: view.title === "every place" ? "markers" : many ? "lines" : "lines+markers",
      line: { color: shade, width: 2 }, marker: { color: shade, size: 8, symbol: line.index % 8 }, error_y: many ? undefined : error,
      customdata: line.low.map((low, i) => [low, line.high[i]]),
      hovertemplate: "%{y:.3f} [%{customdata[0]:.3f}, %{customdata[1]:.3f}]<extra>%{fullData.name}</extra>",
    }];
  });
  const explorers = (scope) => { for (const holder of scope.querySelectorAll(".explore")) {
    const views = data.boards?.[Number(holder.dataset.board)] || [];
    if (!views.length) continue;
    const name = holder.dataset.name;
    const open = button("Explore interactively", `Explore ${name} interactively`, async () => {
      open.disabled = true;
      try {
        const Plotly = await plotly();
        const choice = make("select", "", { "aria-label": `What to show of ${name}` });
        views.forEach((view, i) => choice.append(make("option", view.title, { value: i })));
        const plot = make("div", "", { class: "plot" });
        const draw = () => {
          const style = getComputedStyle(root);
          const colour = (variable) => style.getPropertyValue(variable).trim();
          const view = views[choice.value];
          const last = Math.max(...view.lines.flatMap((l) => l.x).filter((x) => typeof x === "number"), 0);
          const grid = { gridcolor: colour("--grid"), zerolinecolor: colour("--grid"), automargin: true };
          Plotly.react(plot, traces(view, colour), {
            paper_bgcolor: "transparent", plot_bgcolor: "transparent", font: { color: colour("--ink"), family: "system-ui, sans-serif", size: 13 },
            margin: { l: 52, r: 16, t: 20, b: 46 }, hovermode: "x unified", hoverlabel: { bgcolor: colour("--paper"), font: { color: colour("--ink") } },
            xaxis: { ...grid, title: { text: view.x }, type: view.x === "step" && last > 100 ? "log" : undefined }, yaxis: { ...grid, title: { text: "score" } },
            legend: { orientation: "h", y: -0.22 },
          }, { responsive: true, displaylogo: false });
        };
        choice.addEventListener("change", draw);
        redrawn.push(draw);
        holder.replaceChildren(choice, plot);
        draw();
      } catch (error) {
        holder.replaceChildren(make("p", `No interactive figure: ${error.message}.`));
      }
    });
    holder.append(open);
  } };

  // ---- a live site
  const enhance = (scope) => { filters(scope); searching(); exports(scope); explorers(scope); };
  enhance(document.querySelector("main"));
  if (data.live) {
    let version;
    let fetching = false;
    let owed = false;
    let state = {};
    const act = async (slug, what, box) => {
      const answer = await fetch(`${data.root}runs/${encodeURIComponent(slug)}/${what}`, { method: "POST" });
      const told = await answer.json();
      if (told.error) box.append(make("p", told.error, { role: "alert" }));
    };
    const show = () => {
      const box = document.getElementById("live");
      if (!box) return;
      const slug = box.dataset.study;
      const runs = Object.entries(state.runs || {}).filter(([name]) => !slug || name === slug);
      const running = runs.filter(([, s]) => s === "running" || s === "stopping");
      const parts = [];
      for (const [name, s] of runs) {
        const line = make("p", "");
        line.append(slug ? make("b", s) : make("a", name, { href: `studies/${name}.html` }), slug ? "" : `: ${s} `);
        parts.push(line);
      }
      if (slug && state.planned) {
        const left = state.done < state.planned || running.length > 0;
        parts.push(make("p", left ? `${state.done} of ${state.planned} seeds or items up to the next look` : "Nothing is left to run.", { class: "small soft" }));
        if (left) parts.push(make("progress", "", { value: state.done, max: state.planned, "aria-label": "Work up to the next look" }));
      }
      const on = running.length > 0;
      if (slug && state.may && (on || !state.planned || state.done < state.planned)) {
        const press = button(on ? "Stop" : runs.length || state.done ? "Resume" : "Run", `${on ? "Stop" : "Run"} ${slug}`, () => { press.disabled = true; act(slug, on ? "stop" : "start", box); });
        press.disabled = running.some(([, s]) => s === "stopping");
        parts.push(press);
      }
      box.replaceChildren(...parts);
      box.hidden = !parts.length;
    };
    const refresh = async () => {
      if (fetching) return;
      fetching = true;
      try {
        const shown = version;
        const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        const open = [...document.querySelectorAll(".explore .plot")].length;
        owed = Boolean(open || document.activeElement?.closest("form.filters"));
        if (owed) return;
        const chosen = [...document.querySelectorAll("form.filters")].map((form) => [...form.elements].map((field) => field.value));
        data = JSON.parse(fresh.getElementById("data").textContent);
        redrawn = [];
        for (const part of ["header", "main"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
        document.querySelectorAll("form.filters").forEach((form, i) => [...form.elements].forEach((field, j) => { if (chosen[i]?.[j]) field.value = chosen[i][j]; }));
        enhance(document.querySelector("main"));
        show();
        if (version !== shown) setTimeout(refresh, 0);
      } finally { fetching = false; }
    };
    document.addEventListener("focusout", () => setTimeout(() => { if (owed) refresh(); }, 0));
    let events;
    const listen = () => {
      events?.close();
      if (document.hidden) return; // a browser opens six connections to a host, and every stream holds one
      events = new EventSource(`${data.root}events?page=${encodeURIComponent(data.address)}`);
      events.onmessage = (event) => {
        state = JSON.parse(event.data);
        if (version !== undefined && state.version !== version) refresh();
        version = state.version;
        show();
      };
    };
    listen();
    document.addEventListener("visibilitychange", listen);
    addEventListener("pagehide", () => events?.close());
  }
})();
