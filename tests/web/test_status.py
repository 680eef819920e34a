"""What machines ask, what makes the page installable, and where it may listen."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.turns import WorkerInfo
from tests.web.house import House, open_house
from web.errors import ExposureError
from web.exposure import check_exposure
from web.settings import WebSettings

WORKER = WorkerInfo("w1", "tiny", "float32", 512, 2)


async def test_it_is_healthy_without_a_worker_but_not_ready(house: House) -> None:
    async with house.browser() as machine:
        assert (await machine.get("/healthz")).status_code == 200
        response = await machine.get("/readyz")
        assert response.status_code == 503
        assert response.json()["workers"] == "none is ready"
        await house.broker.announce(WORKER)
        assert (await machine.get("/readyz")).status_code == 200


async def test_health_is_told_under_any_host_name(house: House) -> None:
    async with house.browser() as machine:
        assert (await machine.get("/healthz", headers={"host": "10.1.2.3"})).status_code == 200


async def test_metrics_are_for_machines_that_stand_close_by(
    tmp_path: Path, valkey_url: str
) -> None:
    web = WebSettings(public_url="https://chat.example.org")
    async with open_house(tmp_path, valkey_url, web=web) as house, house.browser() as machine:
        response = await machine.get("/metrics")
        assert response.text == "whimbrel_queue_depth 0.0\n"
        assert response.headers["content-type"].startswith("text/plain")
        by_proxy = {"x-forwarded-for": "203.0.113.7"}
        assert (await machine.get("/metrics", headers=by_proxy)).status_code == 404
        by_name = {"host": "chat.example.org"}
        assert (await machine.get("/metrics", headers=by_name)).status_code == 404


async def test_the_page_can_be_installed(house: House) -> None:
    async with house.browser() as browser:
        manifest = (await browser.get("/manifest.webmanifest")).json()
        assert manifest["display"] == "standalone"
        for icon in manifest["icons"]:
            response = await browser.get(icon["src"])
            assert response.headers["content-type"] == "image/png"
            assert "immutable" in response.headers["cache-control"]
        worker = await browser.get("/service-worker.js")
        assert worker.headers["content-type"].startswith("text/javascript")
        assert "{{" not in worker.text


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_it_listens_on_loopback_without_more_ado(host: str) -> None:
    check_exposure(WebSettings(http_host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "chat.example.org"])
def test_it_refuses_to_listen_beyond_loopback_in_the_clear(host: str) -> None:
    def shared() -> bool:
        return False

    with pytest.raises(ExposureError, match=r"PUBLIC_URL.*ALLOW_LAN"):
        check_exposure(WebSettings(http_host=host), own_network=shared)
    in_the_clear = WebSettings(http_host=host, public_url="http://chat.example.org")
    with pytest.raises(ExposureError):
        check_exposure(in_the_clear, own_network=shared)
    https = WebSettings(http_host=host, public_url="https://chat.example.org")
    check_exposure(https, own_network=shared)
    check_exposure(WebSettings(http_host=host, allow_lan=True), own_network=shared)
    check_exposure(in_the_clear, own_network=lambda: True)
