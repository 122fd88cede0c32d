package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementNotInteractableException;
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
 * Debian's Chromium without a screen. Where it isn't installed the tests are skipped and
 * say so, except in continuous integration, where they fail.
 */
final class Browser implements AutoCloseable {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private final ChromeDriver driver;

	Browser(Path userData) {
		boolean installed = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
		if (!"true".equals(System.getenv("CI"))) {
			Assumptions.assumeTrue(installed, "The page isn't tested: " + CHROMIUM + " or " + DRIVER + " is missing");
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--user-data-dir=" + userData);
		this.driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
				options);
		this.driver.manage().window().setSize(new Dimension(1400, 900));
	}

	void open(String url) {
		this.driver.get(url);
		see(".connection.live");
	}

	void resize(int width, int height) {
		// A headless window can't be narrower than 500 pixels; its viewport can.
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	void colours(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	void timeZone(String zone) {
		this.driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
	}

	WebElement see(String selector) {
		return waiting().until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)));
	}

	void see(String selector, String text) {
		waiting().until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
	}

	void seeNo(String selector) {
		waiting().until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector(selector)));
	}

	void click(String selector) {
		waiting().until((driver) -> {
			try {
				driver.findElement(By.cssSelector(selector)).click();
				return Boolean.TRUE;
			}
			catch (StaleElementReferenceException | NoSuchElementException | ElementNotInteractableException ex) {
				// What's live is drawn anew meanwhile.
				return null;
			}
		});
	}

	void type(String selector, CharSequence... keys) {
		WebElement element = see(selector);
		element.clear();
		element.sendKeys(keys);
	}

	void choose(String selector, String option) {
		new Select(see(selector)).selectByVisibleText(option);
	}

	void press(CharSequence... keys) {
		for (CharSequence key : keys) {
			focused().sendKeys(key);
		}
	}

	void allowClipboard(String url) {
		this.driver.executeCdpCommand("Browser.grantPermissions", Map.of("origin", url.replaceAll("/$", ""),
				"permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
	}

	Object clipboard() {
		return promised("navigator.clipboard.readText()");
	}

	WebElement focused() {
		return this.driver.switchTo().activeElement();
	}

	/** Opens an address in another tab, beside this one. */
	void openTab(String url) {
		this.driver.switchTo().newWindow(WindowType.TAB);
		this.driver.get(url);
	}

	/** Goes to the tab that was opened last. */
	void followTab(int number) {
		waiting().until(ExpectedConditions.numberOfWindowsToBe(number));
		List<String> tabs = List.copyOf(this.driver.getWindowHandles());
		this.driver.switchTo().window(tabs.get(number - 1));
	}

	String address() {
		return String.valueOf(this.driver.getCurrentUrl());
	}

	/** Closes all tabs but the first, and goes back to that. */
	void closeTabs() {
		List<String> tabs = List.copyOf(this.driver.getWindowHandles());
		for (String tab : tabs.subList(1, tabs.size())) {
			this.driver.switchTo().window(tab).close();
		}
		this.driver.switchTo().window(tabs.get(0));
	}

	Object script(String javascript, Object... arguments) {
		return this.driver.executeScript(javascript, arguments);
	}

	/** What a promise ends with. */
	Object promised(String expression) {
		return this.driver.executeAsyncScript(expression + ".then(arguments[0])");
	}

	void await(String condition) {
		waiting().until((driver) -> Boolean.TRUE.equals(this.driver.executeScript("return " + condition)));
	}

	/** Each page that's opened meanwhile begins with a script. */
	void withBeginning(String javascript, Runnable meanwhile) {
		Object script = this.driver
			.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", javascript))
			.get("identifier");
		try {
			meanwhile.run();
		}
		finally {
			this.driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
		}
	}

	void screenshot(Path file) throws IOException {
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.write(file, this.driver.getScreenshotAs(OutputType.BYTES));
	}

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
		return new WebDriverWait(this.driver, TIMEOUT, Duration.ofMillis(50));
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
