package io.github.twiliospring.messaging.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Debian's Chromium without a screen, for a test class that registers it in a static
 * field. Where it isn't installed the tests are skipped and say so, except in continuous
 * integration, where they fail.
 */
public final class Browser implements BeforeAllCallback, AfterAllCallback {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private @Nullable ChromeDriver started;

	@Override
	public void beforeAll(ExtensionContext context) {
		boolean installed = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
		if (!"true".equals(System.getenv("CI"))) {
			Assumptions.assumeTrue(installed, "The page isn't tested: " + CHROMIUM + " or " + DRIVER + " is missing");
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync");
		ChromeDriver driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(), options);
		this.started = driver;
		driver.manage().window().setSize(new Dimension(1400, 900));
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (this.started != null) {
			this.started.quit();
			this.started = null;
		}
	}

	private ChromeDriver driver() {
		ChromeDriver driver = this.started;
		if (driver == null) {
			throw new IllegalStateException("The browser runs only while a test class does");
		}
		return driver;
	}

	public void open(String url) {
		driver().get(url);
	}

	public void resize(int width, int height) {
		resize(width, height, false);
	}

	/** As a phone, whose scroll bars take no room. */
	public void resizeToPhone(int width, int height) {
		resize(width, height, true);
	}

	private void resize(int width, int height, boolean mobile) {
		// A headless window can't be narrower than 500 pixels; its viewport can.
		driver().executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
	}

	/**
	 * Asks for a page's light or dark colours.
	 * @param scheme {@code light} or {@code dark}
	 */
	public void colours(String scheme) {
		driver().executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	public void timeZone(String zone) {
		driver().executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
	}

	/** Waits until an element can be seen. */
	public WebElement see(String selector) {
		return waiting().until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)));
	}

	/** Waits until the first element contains a text. */
	public void see(String selector, String text) {
		waiting().withMessage(() -> "'%s' in %s, which shows %s".formatted(text, selector, texts(selector)))
			.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
	}

	/** Waits until all elements that can be seen have these texts and no others. */
	public void seeAll(String selector, String... texts) {
		waiting().withMessage(() -> "%s in %s, which shows %s".formatted(List.of(texts), selector, texts(selector)))
			.until((driver) -> texts(selector).equals(List.of(texts)));
	}

	/** Waits until no element can be seen. */
	public void seeNo(String selector) {
		waiting().until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector(selector)));
	}

	/** What the elements that can be seen show. */
	public List<String> texts(String selector) {
		try {
			return find(selector).stream().filter(WebElement::isDisplayed).map(WebElement::getText).toList();
		}
		catch (StaleElementReferenceException ex) {
			// It went while it was looked at.
			return List.of();
		}
	}

	public List<WebElement> find(String selector) {
		return driver().findElements(By.cssSelector(selector));
	}

	public void click(String selector) {
		untilDrawn(() -> driver().findElement(By.cssSelector(selector)).click());
	}

	// What's live is drawn anew meanwhile; an element that's gone has taken nothing.
	private void untilDrawn(Runnable action) {
		waiting().until((driver) -> {
			try {
				action.run();
				return Boolean.TRUE;
			}
			catch (StaleElementReferenceException | NoSuchElementException | ElementNotInteractableException ex) {
				return Boolean.FALSE;
			}
		});
	}

	/** Types in place of what stands in a field. */
	public void type(String selector, CharSequence... keys) {
		untilDrawn(() -> {
			WebElement element = see(selector);
			element.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
			element.sendKeys(keys);
		});
	}

	public void choose(String selector, String option) {
		untilDrawn(() -> new Select(see(selector)).selectByVisibleText(option));
	}

	/** As from a keyboard: each where the focus is by then. */
	public void press(CharSequence... keys) {
		for (CharSequence key : keys) {
			untilDrawn(() -> focused().sendKeys(key));
		}
	}

	public WebElement focused() {
		return driver().switchTo().activeElement();
	}

	public void allowClipboard(String url) {
		driver().executeCdpCommand("Browser.grantPermissions", Map.of("origin", url.replaceAll("/$", ""), "permissions",
				List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
	}

	public @Nullable Object clipboard() {
		return promised("navigator.clipboard.readText()");
	}

	/** Opens an address in another tab, beside this one. */
	public void openTab(String url) {
		driver().switchTo().newWindow(WindowType.TAB);
		driver().get(url);
	}

	/** Goes to the tab that was opened last. */
	public void followTab(int number) {
		waiting().until(ExpectedConditions.numberOfWindowsToBe(number));
		List<String> tabs = List.copyOf(driver().getWindowHandles());
		driver().switchTo().window(tabs.get(number - 1));
	}

	public String address() {
		return String.valueOf(driver().getCurrentUrl());
	}

	/** Closes all tabs but the first, and goes back to that. */
	public void closeTabs() {
		List<String> tabs = List.copyOf(driver().getWindowHandles());
		for (String tab : tabs.subList(1, tabs.size())) {
			driver().switchTo().window(tab).close();
		}
		driver().switchTo().window(tabs.get(0));
	}

	public @Nullable Object script(String javascript, Object... arguments) {
		return driver().executeScript(javascript, arguments);
	}

	/** What a promise ends with. */
	public @Nullable Object promised(String expression) {
		return driver().executeAsyncScript(expression + ".then(arguments[0])");
	}

	public void await(String condition) {
		waiting().until((driver) -> Boolean.TRUE.equals(driver().executeScript("return " + condition)));
	}

	/** Each page that's opened meanwhile begins with a script. */
	public void withBeginning(String javascript, Runnable meanwhile) {
		Object script = driver()
			.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", javascript))
			.get("identifier");
		try {
			meanwhile.run();
		}
		finally {
			driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
		}
	}

	public void screenshot(Path file) throws IOException {
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.write(file, driver().getScreenshotAs(OutputType.BYTES));
	}

	/** What went wrong since this was asked last. */
	public List<String> severeLogs() {
		return driver().manage()
			.logs()
			.get("browser")
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	private WebDriverWait waiting() {
		return new WebDriverWait(driver(), TIMEOUT, Duration.ofMillis(50));
	}

}
