"use strict";

// Draws what a page says of places, wherever it has a data-point, on its map; without this script the page
// stands alone.
(() => {
  const APART = 36; // pixels: places nearer to each other stand as one mark, with their number
  const NEAREST = 9;
  const WHOLE = [[12, 72], [72, 296]]; // China and the United States, around the Pacific
  const figure = document.querySelector("[data-map]");
  if (!figure) return;
  const box = figure.querySelector(".map");
  const at = ({ lat, lng }) => [lat, lng];

  // The map reaches from Asia over the Pacific to America: no line between the two is cut.
  function rows() {
    return [...figure.querySelectorAll("[data-point]")].map((item) => {
      const [lat, lng] = item.dataset.point.split(",").map(Number);
      const name = (item.querySelector("a") || item).textContent;
      return { item, lat, lng: lng < -30 ? lng + 360 : lng, name, side: `map-${item.dataset.side}` };
    });
  }

  // The great circle between two points, latitude by longitude. Beyond 160 degrees it would run over
  // the pole and out of the map; then the one of 160 degrees is drawn, stretched.
  function arc(from, to) {
    const rad = Math.PI / 180;
    const span = to.lng - from.lng;
    const turn = Math.min(160, Math.max(1, span)) * rad;
    return Array.from({ length: 61 }, (_, step) => {
      const part = step / 60;
      const height = Math.tan(from.lat * rad) * Math.sin(turn * (1 - part)) + Math.tan(to.lat * rad) * Math.sin(turn * part);
      return [Math.atan(height / Math.sin(turn)) / rad, from.lng + span * part];
    });
  }

  function arcs(places) {
    const byCode = new Map(places.map((place) => [place.item.dataset.code || place, place]));
    const pairs = new Map(); // each once, from west to east
    for (const place of places) {
      const other = byCode.get(place.item.dataset.with);
      const pair = other && [place, other].sort((one, two) => one.lng - two.lng);
      if (pair) pairs.set(pair.map(({ item }) => item.dataset.code).join(), pair);
    }
    return [...pairs.values()].map((pair) => ({
      points: arc(...pair),
      looks: pair.map(({ side }) => `${side} ${pair.some(({ item }) => "tie" in item.dataset) ? "map-tie" : ""}`),
    }));
  }

  function open(points) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(box, {
      // Equal steps of latitude and longitude, true to shape at 37 degrees north.
      crs: L.extend({}, L.CRS.EPSG4326, { transformation: L.transformation(0.8 / 180, 1, -1 / 180, 0.5) }),
      zoomControl: false, zoomSnap: 0.25, maxZoom: NEAREST, scrollWheelZoom: false,
      maxBounds: [[-80, -30], [150, 330]], // beyond the pole there is room for popups
      zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
    });
    if (calm) map.panBy = (by) => L.Map.prototype.panBy.call(map, by, { animate: false });
    map.attributionControl.setPrefix(false).addAttribution(box.dataset.attribution);
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
    const bounds = L.latLngBounds(points.length ? points : WHOLE);
    return map.fitBounds(bounds.pad(0.06), { animate: false, maxZoom: 5 });
  }

  function draw(land) {
    const places = rows();
    const lines = arcs(places);
    const map = open([...places.map(at), ...lines.flatMap(({ points }) => points)]);
    for (const turn of [0, 360]) {
      const coordsToLatLng = ([lng, lat]) => L.latLng(lat, lng + turn);
      L.geoJSON(land, { interactive: false, style: { className: "map-land" }, coordsToLatLng }).addTo(map);
    }
    for (const { points, looks } of lines) {
      const halves = [points.slice(0, 31), points.slice(-31)]; // both have the point in the middle
      halves.forEach((half, side) => {
        const look = { interactive: false, smoothFactor: 0.3, className: `map-arc ${looks[side]}` };
        L.polyline(half, look).addTo(map);
        L.circleMarker(points.at(-side), { ...look, radius: 3 }).addTo(map);
      });
    }
    mark(map, places);
  }

  function mark(map, places) {
    const layer = L.layerGroup().addTo(map);
    const first = map.getZoom();
    let opener = null;

    function regroup() {
      const groups = [];
      for (const place of places) {
        const point = map.project(at(place));
        const near = groups.find((group) => group.point.distanceTo(point) < APART);
        if (near) near.members.push(place);
        else groups.push({ point, members: [place] });
      }
      layer.clearLayers();
      for (const { members } of groups) add(members);
      map.dragging[map.getZoom() > first ? "enable" : "disable"](); // a finger on the whole map scrolls the page
    }

    function add(members) {
      const alone = members.length === 1;
      const bounds = L.latLngBounds(members.map(at));
      const sides = [...new Set(members.map(({ side }) => side))];
      const names = members.slice(0, 5).map(({ name }) => name).join(", ") + (members.length > 5 ? " …" : "");
      const title = alone ? names : `${members.length} ${box.dataset.cities}: ${names}`;
      const className = `${alone ? "map-mark" : "map-cluster"} ${sides.length === 1 ? sides[0] : ""}`;
      const icon = L.divIcon({ className, iconSize: alone ? [24, 24] : [34, 34], html: alone ? "" : String(members.length) });
      const marker = L.marker(at(members[0]), { icon, title }).addTo(layer);
      marker.getElement().setAttribute("aria-label", title);
      marker.on("click keypress", ({ type, originalEvent }) => {
        if (type === "keypress" && originalEvent.key !== "Enter") return;
        const nearer = Math.min(map.getBoundsZoom(bounds.pad(0.2)), NEAREST);
        if (!alone && nearer > map.getZoom()) {
          box.focus({ preventScroll: true });
          map.setView(bounds.getCenter(), nearer);
        } else {
          const list = document.createElement("ul");
          for (const { item } of members) {
            const entry = list.appendChild(document.createElement("li"));
            entry.append(...item.cloneNode(true).childNodes);
          }
          opener = marker.getElement();
          map.openPopup(list, marker.getLatLng(), { maxHeight: 180 });
        }
      });
    }

    map.on("popupopen", ({ popup }) => {
      popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", box.dataset.close);
      popup.getElement().querySelector("a").focus({ preventScroll: true });
    });
    map.on("popupclose", ({ popup }) => {
      if (popup.getElement().contains(document.activeElement)) opener.focus({ preventScroll: true });
    });
    box.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
    map.on("zoomend", regroup).fire("zoomend");
  }

  const load = (tag, values) => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement(tag), values, { onload: resolve, onerror: reject }));
  });

  async function start() {
    const { style, script, land } = box.dataset;
    const shape = fetch(land).then((response) => response.json());
    await Promise.all([load("link", { rel: "stylesheet", href: style }), load("script", { src: script })]);
    draw(await shape);
  }

  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    start().catch((error) => {
      box.remove();
      for (const list of figure.querySelectorAll(".map-list")) list.open = true;
      throw error;
    });
  }, { rootMargin: "100px" }).observe(box);
})();
