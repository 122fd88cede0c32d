package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.Method;

/**
 * An annotated method that can't be called, found at startup.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public class InvalidHandlerException extends IllegalStateException {

	private final String beanName;

	private final transient Method method;

	/**
	 * Names the method and what is wrong with it.
	 * @param beanName the bean
	 * @param method the annotated method
	 * @param problem what is wrong and what to do
	 */
	public InvalidHandlerException(String beanName, Method method, String problem) {
		super("The method " + method.getDeclaringClass().getName() + "." + method.getName() + " of bean '" + beanName
				+ "' can't be called: " + problem);
		this.beanName = beanName;
		this.method = method;
	}

	/**
	 * The bean.
	 * @return its name
	 */
	public String getBeanName() {
		return this.beanName;
	}

	/**
	 * The annotated method.
	 * @return the method as it's declared
	 */
	public Method getMethod() {
		return this.method;
	}

}
