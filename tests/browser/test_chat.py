"""The web chat in a real browser, as a person uses it."""

from __future__ import annotations

import re

from playwright.async_api import FilePayload, Page, expect

from tests.browser.conftest import Stage


async def ask(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Write a message").fill(text)
    await page.keyboard.press("Enter")


def picture(name: str, content: bytes) -> FilePayload:
    """A file that a person chooses."""
    return FilePayload(name=name, mimeType="image/png", buffer=content)


async def test_pair_upload_see_the_answer_grow_stop_one_reload_and_find_the_history(
    stage: Stage, png: bytes
) -> None:
    code = await stage.house.admission.owner_code()
    page = await stage.watched.page()
    await page.goto(f"{stage.house.url}/pair/{code}")
    await page.get_by_role("button", name="Sign in here").click()
    await page.get_by_role("button", name="Not now").click()
    await page.wait_for_url(f"{stage.house.url}/")

    await page.locator("#files").set_input_files([picture("one.png", png), picture("two.png", png)])
    await expect(page.locator("#previews img")).to_have_count(2)
    await page.get_by_role("button", name="Remove this picture: two.png").click()
    await expect(page.locator("#previews img")).to_have_count(1)
    stage.ways.words_per_second = 20  # slow enough to be looked at once a second
    await ask(page, "What is in this picture?")

    growing = page.locator(".live .text")
    await expect(growing).to_contain_text("red circle")
    await expect(growing).not_to_contain_text("More about circles")
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    await expect(page.locator(".assistant").last).to_contain_text("More about circles")
    await expect(page.locator(".live")).to_have_count(0)
    await expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert stage.script.seen == [1]
    assert await page.title() == "Whimbrel"  # and not what the answer's script wanted

    stage.ways.words_per_second = 10
    await ask(page, "And what colour is it?")
    await expect(page.locator(".live .text")).to_contain_text("The picture")
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Stopped.")).to_be_visible()
    await expect(page.locator(".live")).to_have_count(0)

    await page.reload()
    await expect(page.locator(".person")).to_have_count(2)
    await expect(page.locator(".person img")).to_have_js_property("complete", True)
    assert await page.locator(".person img").evaluate("image => image.naturalWidth") == 40
    await expect(page.get_by_text("And what colour is it?")).to_be_visible()
    await expect(page.get_by_text("Stopped.")).to_be_visible()
    await expect(page.locator("#conversations a")).to_have_text("What is in this picture?")


async def test_a_reload_in_the_middle_of_an_answer_goes_on_with_it(stage: Stage) -> None:
    page = await stage.owner_page()
    stage.ways.words_per_second = 12
    await ask(page, "Tell me about circles")
    await expect(page.locator(".live .text")).to_contain_text("red circle")
    await page.reload()
    await expect(page.locator(".live .text")).to_contain_text("red circle")
    await expect(page.locator(".assistant").last).to_contain_text("More about")
    await expect(page.locator(".live")).to_have_count(0)
    await expect(page.locator(".assistant")).to_have_count(1)


async def test_a_stopped_answer_is_tried_again(stage: Stage) -> None:
    page = await stage.owner_page()
    stage.ways.words_per_second = 10
    await ask(page, "Tell me about circles")
    await expect(page.locator(".live .text")).to_contain_text("The picture")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_text("Stopped.")).to_be_visible()
    stage.ways.words_per_second = 200
    await page.get_by_role("button", name="Try again").last.click()
    await expect(page.locator(".assistant").last).to_contain_text("More about circles")
    await expect(page.get_by_text("Stopped.")).to_have_count(0)


async def test_an_answer_can_do_nothing_and_shows_where_its_links_lead(stage: Stage) -> None:
    page = await stage.owner_page()
    stage.ways.words_per_second = 0
    await ask(page, "Tell me about circles")
    answer = page.locator(".assistant .text").last
    await expect(answer).to_contain_text("<script>")
    await expect(answer).to_contain_text("(https://example.org/book)")
    await expect(answer.locator("img, script")).to_have_count(0)
    await expect(answer.locator("table")).to_have_count(1)
    link = answer.get_by_role("link", name="in this book")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


async def test_a_message_and_its_code_are_copied(stage: Stage) -> None:
    page = await stage.owner_page(permissions=["clipboard-read", "clipboard-write"])
    stage.ways.words_per_second = 0
    await ask(page, "Tell me about circles")
    await page.get_by_role("button", name="Copy code").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    code = await page.evaluate_handle("() => navigator.clipboard.readText()")
    assert str(await code.json_value()).startswith("def area(radius: float)")
    await page.get_by_role("button", name="Copy", exact=True).click()
    text = await page.evaluate_handle("() => navigator.clipboard.readText()")
    assert "It is drawn with a steady hand." in str(await text.json_value())


async def test_a_sample_picture_and_a_starter_question(stage: Stage) -> None:
    page = await stage.owner_page()
    await expect(page.locator("[data-sample] img")).to_have_count(6)
    await page.get_by_role("button", name="A yellow star").click()
    box = page.get_by_role("textbox", name="Write a message")
    await expect(box).to_have_value("What is in this picture?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".person img")).to_have_count(1)
    await expect(page.locator(".assistant").last).to_contain_text("red circle")
    await page.get_by_role("link", name="New chat").first.click()
    await page.wait_for_url(f"{stage.house.url}/")
    await page.get_by_role("button", name="What can you do?").click()
    await expect(page.locator(".person")).to_contain_text("What can you do?")


async def test_pictures_are_dropped_and_pasted(stage: Stage) -> None:
    page = await stage.owner_page()
    for kind in ("drop", "paste"):
        await page.evaluate(
            """async (kind) => {
                const sample = document.querySelector("[data-sample]").dataset.sample;
                const blob = await (await fetch(sample)).blob();
                const data = new DataTransfer();
                data.items.add(new File([blob], kind + ".png", { type: "image/png" }));
                const event = kind === "drop"
                    ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
                    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
                document.getElementById("text").dispatchEvent(event);
            }""",
            kind,
        )
    await expect(page.locator("#previews img")).to_have_count(2)


async def test_a_refused_picture_is_told_in_words_and_nothing_written_is_lost(
    stage: Stage,
) -> None:
    stage.watched.expected = ["422"]
    page = await stage.owner_page()
    await page.locator("#files").set_input_files(picture("a.png", b"not a picture"))
    await ask(page, "Look at this")
    await expect(page.get_by_role("alert")).to_contain_text("not a picture")
    await expect(page.get_by_role("textbox", name="Write a message")).to_have_value("Look at this")
    await page.get_by_role("button", name=re.compile("Remove this picture")).click()
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".assistant").last).to_contain_text("red circle")


async def test_rename_and_delete_after_asking(stage: Stage) -> None:
    page = await stage.owner_page()
    await ask(page, "/help")
    await expect(page.locator(".notice")).to_contain_text("/privacy")
    await page.get_by_role("button", name="Rename").click()
    await page.get_by_role("textbox", name="Title").fill("My circles")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="My circles")).to_be_visible()
    await expect(page.locator("#conversations a")).to_have_text("My circles")
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator(".notice")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    await page.locator("#delete-dialog").get_by_role("button", name="Delete").click()
    await page.wait_for_url(f"{stage.house.url}/")
    await expect(page.locator("#conversations a")).to_have_count(0)


async def test_shift_and_enter_makes_a_line_and_enter_sends(stage: Stage) -> None:
    page = await stage.owner_page()
    box = page.get_by_role("textbox", name="Write a message")
    await expect(box).to_be_focused()
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await expect(box).to_have_value("one\ntwo")
    await page.keyboard.press("Enter")
    await expect(page.locator(".person .text")).to_have_text("one\ntwo", use_inner_text=True)
    await expect(box).to_be_focused()


async def test_screen_readers_hear_sentences(stage: Stage) -> None:
    page = await stage.owner_page()
    await page.evaluate(
        """() => {
            globalThis.heard = [];
            const announcer = document.getElementById("announcer");
            new MutationObserver(() => heard.push(announcer.textContent))
                .observe(announcer, { childList: true });
        }"""
    )
    await ask(page, "Tell me about circles")
    await expect(page.locator(".assistant footer")).to_be_visible()
    await expect(page.locator("#announcer")).to_contain_text("owned")  # the end of the answer
    heard = await page.evaluate("() => heard")
    assert heard[0].startswith("The picture shows a red circle on white paper.")
    assert len(heard) < 15, "every token was announced"


async def test_another_device_by_a_link(stage: Stage) -> None:
    page = await stage.owner_page()
    await ask(page, "/help")
    await expect(page.locator(".notice")).to_be_visible()
    await page.get_by_role("button", name="Use on another device").click()
    link = await page.locator("#move-links code").first.text_content()
    phone = await stage.watched.page(viewport={"width": 375, "height": 760}, has_touch=True)
    await phone.goto(link or "")
    await phone.get_by_role("button", name="Sign in here").click()
    await phone.wait_for_url(f"{stage.house.url}/")
    await phone.get_by_role("button", name="Conversations").click()
    await phone.get_by_role("link", name="New chat").nth(1).click()
    await expect(phone.locator(".notice")).to_contain_text("/privacy")
