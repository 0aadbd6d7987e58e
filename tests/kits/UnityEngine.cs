// The few types of Unity that the kit and its sample use, with Unity's own signatures, so that both are compiled here.
namespace UnityEngine
{
    using System;

    public class Object
    {
        public static void DontDestroyOnLoad(Object target) { }
    }

    public class Component : Object { }

    public class MonoBehaviour : Component { }

    public sealed class GameObject : Object
    {
        public GameObject(string name) { }

        public T AddComponent<T>() where T : Component { return null; }
    }

    public static class Application
    {
        public static string persistentDataPath { get { return ""; } }
        public static string version { get { return ""; } }

        public static void OpenURL(string url) { }
    }

    public static class Debug
    {
        public static void LogWarning(object message) { }
    }

    public static class GUILayout
    {
        public static void Label(string text, params GUILayoutOption[] options) { }

        public static bool Button(string text, params GUILayoutOption[] options) { return false; }
    }

    public sealed class GUILayoutOption { }

    public class AsyncOperation
    {
        public event Action<AsyncOperation> completed { add { } remove { } }
    }
}

namespace UnityEngine.Networking
{
    using System;

    public class DownloadHandler : IDisposable
    {
        public string text { get { return ""; } }

        public void Dispose() { }
    }

    public sealed class DownloadHandlerBuffer : DownloadHandler { }

    public class DownloadHandlerScript : DownloadHandler
    {
        public DownloadHandlerScript(byte[] preallocatedBuffer) { }

        protected virtual bool ReceiveData(byte[] data, int dataLength) { return true; }
    }

    public class UploadHandler : IDisposable
    {
        public void Dispose() { }
    }

    public sealed class UploadHandlerRaw : UploadHandler
    {
        public UploadHandlerRaw(byte[] data) { }
    }

    public class UnityWebRequestAsyncOperation : AsyncOperation { }

    public class UnityWebRequest : IDisposable
    {
        public UnityWebRequest(string url, string method) { }

        public UploadHandler uploadHandler { get; set; }
        public DownloadHandler downloadHandler { get; set; }
        public int timeout { get; set; }
        public long responseCode { get { return 0; } }
        public string error { get { return ""; } }

#if UNITY_2020_2_OR_NEWER
        public enum Result { InProgress, Success, ConnectionError, ProtocolError, DataProcessingError }

        public Result result { get { return Result.Success; } }
#else
        public bool isNetworkError { get { return false; } }
#endif

        public void SetRequestHeader(string name, string value) { }

        public UnityWebRequestAsyncOperation SendWebRequest() { return null; }

        public void Abort() { }

        public void Dispose() { }
    }
}
