// Brings the board up to date: asks for the page again, and puts its board in the place of the one that is shown.
// Whoever is in it with the keyboard stays where they are; a page that nobody looks at asks nothing.
const board = document.getElementById("live");
const seconds = Number(board.dataset.seconds);
const box = document.getElementById("live-on");

async function renew() {
  if (document.hidden || !box.checked) return;
  const answer = await fetch(location.href, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (!fresh || fresh.innerHTML === board.innerHTML) return;
  const held = board.contains(document.activeElement) ? document.activeElement.id : "";
  const area = board.querySelector(".scroll");
  const left = area ? area.scrollLeft : 0;
  board.replaceChildren(...fresh.childNodes);
  if (board.querySelector(".scroll")) board.querySelector(".scroll").scrollLeft = left;
  if (held && document.getElementById(held)) document.getElementById(held).focus({ preventScroll: true });
}

setInterval(() => renew().catch(() => {}), seconds * 1000);
