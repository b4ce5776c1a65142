// The review page works without this file; with it a row opens in place, and both columns light up together.
"use strict";
(() => {
  const source = document.querySelector(".source-scroll");
  const beside = () => window.matchMedia("(min-width: 992px)").matches;
  const partOf = (duty) => duty && duty.dataset.part && document.getElementById(`n-${duty.dataset.part}`);
  const dutiesOf = (part) => document.querySelectorAll(`.review-duty[data-part="${part.id.slice(2)}"]`);

  function light(duty, kind) {
    for (const known of document.querySelectorAll(`.${kind}`)) {
      known.classList.remove(kind);
    }
    const part = partOf(duty);
    if (part) {
      part.classList.add(kind);
      duty.classList.add(kind);
    }
    return part;
  }
  function show(part) {
    if (source && part && beside()) {
      const top = part.getBoundingClientRect().top - source.getBoundingClientRect().top;
      source.scrollBy({ top: top - source.clientHeight / 3 });
    }
  }
  function goTo(duty) {
    duty.focus();
    show(light(duty, "on"));
  }

  // Place link of a duty: on a desk only the source moves; on a telephone the link leads there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) {
      return;
    }
    const duty = link.closest(".review-duty");
    if (link.hasAttribute("data-source") && link.getAttribute("href").startsWith("#")) {
      const part = light(duty, "on");
      if (part && beside()) {
        event.preventDefault();
        show(part);
      }
    } else if (link.classList.contains("source-link") && link.hash.startsWith("#nv-")) {
      const target = document.getElementById(link.hash.slice(1));
      if (target) {
        event.preventDefault();
        target.scrollIntoView({ block: "center" });
        goTo(target);
      }
    } else if (link.dataset.open !== undefined) {
      event.preventDefault();
      openForm(link);
    } else if (link.dataset.close !== undefined && link.closest("[data-form]")) {
      event.preventDefault();
      closeForm(link.closest("[data-form]"));
    }
  });
  // Hovering or reaching a row by keyboard lights its words on the other side.
  for (const name of ["mouseover", "focusin"]) {
    document.addEventListener(name, (event) => {
      const duty = event.target.closest && event.target.closest(".review-duty");
      const part = event.target.closest && event.target.closest(".source-part.has-duty");
      if (duty) {
        light(duty, "near");
      } else if (part) {
        const first = dutiesOf(part)[0];
        if (first) {
          light(first, "near");
        }
      }
    });
  }

  // A row opens into its form; what it showed comes back with Esc.
  async function openForm(link) {
    const row = link.closest("li, section");
    const place = link.dataset.into ? document.getElementById(link.dataset.into) : row;
    const base = link.getAttribute("href").split("?")[0];
    const answer = await fetch(`${base}/bieu-mau/${link.dataset.open}`).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) {
      window.location.assign(link.href);
      return;
    }
    const held = document.createElement("template");
    held.innerHTML = await answer.text();
    const form = held.content.querySelector("[data-form]");
    closeOthers();
    const shown = link.dataset.into ? null : row.querySelector("[data-shown]");
    if (shown) {
      shown.hidden = true;
    }
    form.opener = link;
    place.append(form);
    if (partOf(row)) {
      show(light(row, "on"));
    }
    form.querySelector("textarea, input:not([type=hidden])").focus();
    countLines(form);
  }
  function closeForm(form) {
    const row = form.parentElement;
    const shown = row.querySelector(":scope > [data-shown]");
    if (!form.opener && !shown && !form.closest(".slot, #cho-them, #cho-chi-tieu")) {
      // The page itself was asked for with the form open.
      window.location.assign(form.querySelector("[data-close]").href);
      return;
    }
    if (shown) {
      shown.hidden = false;
    }
    form.remove();
    if (form.opener && form.opener.isConnected) {
      form.opener.focus();
    }
  }
  function closeOthers() {
    for (const form of document.querySelectorAll("[data-form]")) {
      if (form.opener) {
        closeForm(form);
      }
    }
  }
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest && event.target.closest("[data-form]");
    if (!form || event.isComposing) {
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      closeForm(form);
    } else if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea[data-enter]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === "Enter" && event.ctrlKey && event.target.matches("textarea")) {
      event.target.form.requestSubmit();
    }
  });

  // Names of the register go into the list of units that was last in use.
  let names = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("#f-leads, #f-coordinators")) {
      names = event.target;
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-name]");
    if (button) {
      const field = names && names.isConnected ? names : button.form.querySelector("#f-leads");
      const kept = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
      field.value = [...kept, button.dataset.name].join("\n");
      field.focus();
    }
  });

  // One press for a long list of alike questions; without scripts each is ticked by hand.
  for (const button of document.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const boxes = [...button.closest("details").querySelectorAll("input[type=checkbox]")];
      const wanted = boxes.some((box) => !box.checked);
      for (const box of boxes) {
        box.checked = wanted;
      }
    });
  }

  function countLines(root) {
    const said = root.querySelector("[data-count-lines]");
    if (said) {
      const lines = document.getElementById(said.dataset.countLines).value.split("\n").filter((line) => line.trim());
      said.textContent = said.dataset.words.replace("%d", lines.length);
    }
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-form]");
    if (form) {
      countLines(form);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "chon") {
      const ticked = document.querySelectorAll("input[name=chon]:checked").length;
      const said = document.querySelector("[data-ticked]");
      said.textContent = ticked < 2 ? "Đánh dấu từ hai dòng trở lên để gộp thành một nhiệm vụ." : `Đã đánh dấu ${ticked} dòng.`;
    }
  });

  // After saving, the page comes back to the row: it has the focus, and its words stand beside it.
  const target = window.location.hash.length > 1 ? document.getElementById(window.location.hash.slice(1)) : null;
  const refused = document.querySelector("[data-form] [role=alert], [data-focus]");
  if (refused) {
    refused.tabIndex = -1;
    refused.scrollIntoView({ block: "center" });
    refused.focus({ preventScroll: true });
  } else if (target && target.matches(".review-duty")) {
    goTo(target);
    const field = target.querySelector("[data-form] textarea");
    if (field) {
      field.focus();
    }
  } else if (target && target.tabIndex === -1) {
    target.focus();
  }
  countLines(document);
})();
