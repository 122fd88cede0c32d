package com.example.appointments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Debian's Chromium without a screen. Where it isn't installed the tests are skipped and
 * say so, except in continuous integration, where they fail.
 */
final class Browser implements AutoCloseable {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ChromeDriver driver;

	Browser(Path userData) {
		if (!"true".equals(System.getenv("CI"))) {
			Assumptions.assumeTrue(Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
					"The page isn't tested: " + CHROMIUM + " or " + DRIVER + " is missing");
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--user-data-dir=" + userData);
		this.driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
				options);
	}

	void open(String url) {
		this.driver.get(url);
	}

	void resize(int width, int height) {
		// A headless window can't be narrower than 500 pixels; its viewport can.
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	void colours(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	void see(String selector, String text) {
		waiting().withMessage(() -> "'%s' in %s, which shows %s".formatted(text, selector, texts(selector)))
			.until((driver) -> texts(selector).stream().anyMatch((each) -> each.contains(text)));
	}

	void seeAll(String selector, String... texts) {
		waiting().withMessage(() -> "%s in %s, which shows %s".formatted(List.of(texts), selector, texts(selector)))
			.until((driver) -> texts(selector).equals(List.of(texts)));
	}

	List<String> texts(String selector) {
		try {
			return find(selector).stream().filter(WebElement::isDisplayed).map(WebElement::getText).toList();
		}
		catch (StaleElementReferenceException ex) {
			// It went while it was looked at.
			return List.of();
		}
	}

	List<WebElement> find(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	/**
	 * As from a keyboard: where the focus is.
	 */
	void press(CharSequence... keys) {
		focused().sendKeys(keys);
	}

	void type(String selector, String text) {
		WebElement element = this.driver.findElement(By.cssSelector(selector));
		element.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE, text);
	}

	WebElement focused() {
		return this.driver.switchTo().activeElement();
	}

	Object script(String javascript) {
		return this.driver.executeScript(javascript);
	}

	void forgetLogs() {
		severeLogs();
	}

	/**
	 * What went wrong since this was asked last.
	 */
	List<String> severeLogs() {
		return this.driver.manage()
			.logs()
			.get("browser")
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	private WebDriverWait waiting() {
		return new WebDriverWait(this.driver, PATIENCE, Duration.ofMillis(50));
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
