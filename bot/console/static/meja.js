// What makes the pages quicker. Everything works without it.
(() => {
	"use strict";
	const typing = (el) => el.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

	// Keys: / to the search, j and k through a list, x to tick.
	document.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.altKey || e.metaKey || typing(e.target)) return;
		const search = document.getElementById("cari");
		if (e.key === "/" && search) {
			e.preventDefault();
			search.focus();
			return;
		}
		const items = [...document.querySelectorAll("[data-daftar] > li")];
		if (!items.length) return;
		const at = items.findIndex((li) => li.contains(document.activeElement));
		if (e.key === "j" || e.key === "k") {
			const next = items[Math.min(Math.max(at + (e.key === "j" ? 1 : -1), 0), items.length - 1)];
			next.querySelector("a").focus();
		} else if (e.key === "x" && at >= 0) {
			const box = items[at].querySelector("input[type=checkbox]");
			if (box) box.checked = !box.checked;
		}
	});

	// From the list of what is wrong to the field, when the key that opened the link is up again: else it would send the
	// form once more. A screen reader opens a link without a key; then the wait is short.
	for (const link of document.querySelectorAll("#keliru a")) {
		link.addEventListener("click", (e) => {
			const to = document.getElementById(link.hash.slice(1));
			if (!to) return;
			e.preventDefault();
			const go = () => {
				clearTimeout(late);
				document.removeEventListener("keyup", go);
				to.focus();
			};
			const late = setTimeout(go, e.detail ? 0 : 500);
			document.addEventListener("keyup", go);
		});
	}

	// A fact goes where somebody last wrote or moved the cursor. A field that Tab only came through is not meant.
	let field = null;
	for (const kind of ["input", "click", "keydown"]) {
		document.addEventListener(kind, (e) => {
			if (e.target.matches("textarea[data-fakta]") && e.key !== "Tab" && e.key !== "Shift") field = e.target;
		});
	}
	for (const code of document.querySelectorAll("[data-sisip]")) {
		const button = document.createElement("button");
		button.type = "button";
		button.className = "teks";
		button.textContent = code.textContent;
		button.addEventListener("click", () => {
			if (!field) field = document.querySelector("textarea[data-fakta]");
			field.setRangeText(code.dataset.sisip, field.selectionStart, field.selectionEnd, "end");
			field.dispatchEvent(new Event("input", { bubbles: true }));
			field.focus();
		});
		code.replaceWith(button);
		button.dataset.sisip = code.dataset.sisip;
	}
	for (const input of document.querySelectorAll("[data-saring]")) {
		const list = document.getElementById(input.dataset.saring);
		input.addEventListener("input", () => {
			const want = input.value.toLowerCase();
			for (const li of list.children) li.hidden = !li.textContent.toLowerCase().includes(want);
		});
		input.addEventListener("keydown", (e) => {
			if (e.key === "Enter") e.preventDefault();
		});
	}

	// A page that waits for the program looks whether it has gone on, and shows that only then.
	const waiting = document.querySelector("[data-tunggu]");
	if (waiting) {
		setInterval(async () => {
			const r = await fetch(location.href).catch(() => null);
			if (!r || !r.ok) return;
			const next = new DOMParser().parseFromString(await r.text(), "text/html").querySelector("[data-keadaan]");
			if (next && next.dataset.keadaan === waiting.dataset.keadaan) return;
			const here = new URL(location.href);
			here.searchParams.delete("ok");
			location.assign(here);
		}, 3000);
	}

	// The session ends by itself: say so three minutes before, and let the person go on with one key.
	let counted = Date.now(); // when the seconds were counted that stand in the page
	if (document.body.dataset.sisa) {
		const box = document.createElement("div");
		box.className = "pesan awas batas";
		box.setAttribute("role", "alert");
		const go = document.createElement("button");
		go.type = "button";
		go.textContent = "Saya masih bekerja";
		go.addEventListener("click", async () => {
			const r = await fetch(document.body.dataset.sesi).catch(() => null);
			const text = r && r.ok && !r.redirected ? await r.text() : "";
			const sisa = Number(new DOMParser().parseFromString(text, "text/html").body.dataset.sisa || 0);
			if (sisa) {
				document.body.dataset.sisa = sisa;
				counted = Date.now();
				box.remove();
			} else {
				box.firstChild.textContent = "Sesi sudah berakhir. Tulisan di halaman ini disimpan di peramban ini: masuk lagi di tab lain, lalu muat ulang. ";
			}
		});
		setInterval(() => {
			const left = Number(document.body.dataset.sisa) - (Date.now() - counted) / 1000;
			if (left > 180 || box.isConnected) return;
			box.replaceChildren("Sesi Anda berakhir " + (left > 90 ? "dalam tiga menit" : "sebentar lagi") + " karena tidak ada kegiatan. ", go);
			document.getElementById("isi").prepend(box);
		}, 1000);
	}

	// What is written is kept in this browser's tab until it is saved.
	const kept = document.getElementById("tulis");
	if (kept) {
		const key = "tulisan " + location.pathname + location.search;
		const fields = () => [...kept.querySelectorAll("textarea, input:not([type=hidden]):not([type=checkbox])")].filter((el) => el.name);
		const was = JSON.parse(sessionStorage.getItem(key) || "null");
		if (was && fields().some((el) => el.name in was && was[el.name] !== el.value)) {
			const box = document.createElement("div");
			box.className = "pesan awas";
			box.setAttribute("role", "status");
			const back = document.createElement("button");
			back.type = "button";
			back.textContent = "Kembalikan tulisan";
			back.addEventListener("click", () => {
				for (const el of fields()) if (el.name in was) el.value = was[el.name];
				kept.dispatchEvent(new Event("input", { bubbles: true }));
				box.remove();
				fields()[0].focus();
			});
			box.append("Ada tulisan yang belum tersimpan dari kunjungan sebelumnya. ", back);
			document.getElementById("isi").prepend(box);
		}
		kept.addEventListener("input", () => {
			sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((el) => [el.name, el.value]))));
		});
		kept.addEventListener("submit", () => sessionStorage.setItem("terkirim", key));
	}
	if (new URLSearchParams(location.search).get("ok") === "simpan") {
		sessionStorage.removeItem(sessionStorage.getItem("terkirim") || "");
		sessionStorage.removeItem("terkirim");
	}

	// The preview follows the typing.
	const form = document.getElementById("tulis");
	if (form && form.dataset.pratinjau) {
		const pane = document.getElementById("pratinjau");
		let timer = 0;
		let running = null;
		const show = async () => {
			if (running) running.abort();
			running = new AbortController();
			try {
				const r = await fetch(form.dataset.pratinjau, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: running.signal });
				if (r.ok) pane.innerHTML = await r.text(); // made by our own templates, which escape
			} catch (e) {
				// The next keystroke tries again; the button works all the same.
			}
		};
		form.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(show, 700);
		});
		let changed = false;
		form.addEventListener("input", () => { changed = true; });
		form.addEventListener("submit", () => { changed = false; });
		window.addEventListener("beforeunload", (e) => { if (changed) e.preventDefault(); });
	}
})();
